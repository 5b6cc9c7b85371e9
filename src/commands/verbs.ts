import type { Verb } from './context.ts';

/** A verb as the help lists it; its module is loaded only when it is called. */
export interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Verb>;
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
    summary: 'releases, scenarios, stacks, providers, runs',
    load: async () => (await import('./list.ts')).list,
  },
  {
    name: 'report',
    summary: "a run's artifacts, made anew from its journal alone",
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'publish',
    summary: 'fold runs into reports/, the support table people read',
    load: async () => (await import('./publish.ts')).publish,
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
];

/** Verbs of later versions: a word of theirs gets an honest answer, not a guess. */
export const laterVerbs: readonly string[] = [
  'bisect',
  'bug',
  'completion',
  'diff',
  'docs',
  'explain',
  'gc',
  'image',
  'init',
  'investigate',
  'new',
  'shell',
  'template',
];
