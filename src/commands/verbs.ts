import type { Verb } from './context.ts';

/** A verb as the help lists it; its module is loaded only when it is called. */
export interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Verb>;
  /** For shells, not for people: the help leaves it out. */
  readonly hidden?: true;
}

/** Every verb there is, in the order in which the help lists them. */
export const verbs: readonly VerbEntry[] = [
  {
    name: 'run',
    summary: 'plan, run, report: from nothing to a support table',
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'plan',
    summary: 'what would run, what is skipped and why; boots nothing',
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    name: 'list',
    summary: 'releases, scenarios, stacks, engines, providers, runs',
    load: async () => (await import('./list.ts')).list,
  },
  {
    name: 'diff',
    summary: 'what differs between two runs, and what changed between them',
    load: async () => (await import('./diff.ts')).diff,
  },
  {
    name: 'merge',
    summary: 'put the shards of a run together, as one run',
    load: async () => (await import('./merge.ts')).merge,
  },
  {
    name: 'report',
    summary: "a run's artifacts, made anew from its journal alone",
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'investigate',
    summary: 'run a red cell again with what it was last green with',
    load: async () => (await import('./investigate.ts')).investigate,
  },
  {
    name: 'bisect',
    summary: 'what changed between a good run and a bad one',
    load: async () => (await import('./bisect.ts')).bisect,
  },
  {
    name: 'publish',
    summary: 'fold runs into reports/, the support table people read',
    load: async () => (await import('./publish.ts')).publish,
  },
  {
    name: 'explain',
    summary: "whose fault a cell's failure is, and what that rests on",
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'bug',
    summary: "a cell's failure as a report for those who can mend it",
    load: async () => (await import('./bug.ts')).bug,
  },
  {
    name: 'triage',
    summary: 'an issue for each new cause of red cells',
    load: async () => (await import('./triage.ts')).triage,
  },
  {
    name: 'alarm',
    summary: 'whether the nightly still brings data',
    load: async () => (await import('./alarm.ts')).alarm,
  },
  {
    name: 'shell',
    summary: 'a terminal in a pristine machine, or in one that a run kept',
    load: async () => (await import('./shell.ts')).shell,
  },
  {
    name: 'template',
    summary: 'frozen machines in the cache: list, build, rm',
    load: async () => (await import('./template.ts')).template,
  },
  {
    name: 'image',
    summary: "releases' images in the cache: list, build, rm",
    load: async () => (await import('./image.ts')).image,
  },
  {
    name: 'gc',
    summary: 'free what the cache holds and nobody will miss',
    load: async () => (await import('./gc.ts')).gc,
  },
  {
    name: 'doctor',
    summary: 'what this host has, what is missing, how to get it',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'validate',
    summary: 'check every release and scenario file',
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    name: 'docs',
    summary: 'the supported-OS docs and osinfo, of the committed matrix',
    load: async () => (await import('./docs.ts')).docs,
  },
  {
    name: 'new',
    summary: 'a release as a file, from a machine that runs it',
    load: async () => (await import('./new.ts')).newVerb,
  },
  {
    name: 'init',
    summary: "write a nightly, or what a distro's own CI runs katafarm by",
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'completion',
    summary: 'a script by which bash, zsh or fish completes commands',
    load: async () => (await import('./completion.ts')).completion,
  },
  {
    name: 'complete',
    summary: 'what a word that is being typed can become',
    load: async () => (await import('./complete.ts')).completeFrom(verbs),
    hidden: true,
  },
];
