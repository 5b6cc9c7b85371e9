import { Argument, Command } from 'commander';
import { engines } from '../domain/engine.ts';
import { stacks } from '../domain/stack.ts';
import { UserError } from '../errors.ts';
import { hintOf } from '../load/nearest.ts';
import { addFolders } from './add-folders.ts';
import type { Context, Verb } from './context.ts';
import type { OwnFolders } from './folders.ts';
import { type Listing, table } from './listing.ts';
import { cacheOf } from './provider-options.ts';

const examples = `
Examples:
  katafarm list distros               releases, their life cycle, which VMMs they package, and what that rests on
  katafarm list distros debian-13     all that is said of one, with the source and trust of every claim
  katafarm list scenarios --json      one JSON value
  katafarm list providers             where machines come from, and those that katafarm.yaml names
  katafarm list runs --out /srv/runs  runs that were kept elsewhere, newest first
`;

interface ListOptions extends OwnFolders {
  readonly out?: string;
  readonly json?: true;
}

/** `one`: the id of the one that is to be shown in full. */
type Lister = (options: ListOptions, context: Context, one?: string) => Promise<Listing> | Listing;

/** What each of them needs is loaded only when it is asked for: the schemas of files are most of a start's time. */
const listers: Readonly<Record<string, Lister>> = {
  distros: async (own, context, one) => (await import('./list-distros.ts')).listDistros(own, context, one),
  scenarios: async (own, context) => (await import('./list-scenarios.ts')).listScenarios(own, context),
  stacks: listStacks,
  engines: listEngines,
  providers: listProviders,
  runs: async ({ out }, context) => (await import('./list-runs.ts')).listRuns(out, context),
};

/** `katafarm list WHAT`: tables for people, `--json` for scripts. */
export const list: Verb = (context) =>
  addFolders(new Command('list'))
    .description(`list ${Object.keys(listers).join(', ')}`)
    .addArgument(new Argument('<what>').choices(Object.keys(listers)).argParser((word: string) => word))
    .argument('[distro]', 'one release, in full')
    .option('--out <dir>', 'where runs are kept ($KATAFARM_OUT)')
    .option('--json', 'one JSON value on stdout')
    .addHelpText('after', examples)
    .action(async (what: string, one: string | undefined, options: ListOptions) => {
      const lister = Object.hasOwn(listers, what) ? listers[what] : undefined;
      if (!lister) {
        throw new UserError(`cannot list "${what}": ${hintOf(what, Object.keys(listers))}`);
      }
      if (one !== undefined && what !== 'distros') {
        throw new UserError(
          `cannot list "${one}" alone: only a release is shown in full, as by katafarm list distros debian-13`,
        );
      }

      const listing = await lister(options, context, one);
      const text = listing.text ?? table(listing);
      context.out(options.json ? `${JSON.stringify(listing.value, null, 2)}\n` : text);
    });

function listStacks(): Listing {
  const rows = stacks.map(({ id, title, parts }) => [id, title, parts.join(', ')]);
  return { value: stacks, head: ['stack', 'title', 'parts a release must package'], rows };
}

function listEngines(): Listing {
  const rows = engines.map(({ name, part, scenarios, untried }) => [
    name,
    part ?? '',
    untried ?? scenarios.join(', '),
  ]);
  return { value: engines, head: ['engine', 'part that a release packages', 'scenarios'], rows };
}

/** Machines that exist are named beside the provider that they are had from. */
async function listProviders(own: ListOptions, context: Context): Promise<Listing> {
  const cache = cacheOf(context);
  const providers = await context.providers({
    accelerator: 'auto',
    cache,
    allowExpiredMirror: false,
    freshness: 'offline',
    // Named or not, it is one of them.
    ssh: { targets: {}, mayInstall: false, mayRestart: false },
  });

  const { declared } = await import('./ssh-machines.ts');
  const { file = '', ssh = {} } = (await declared(context, own)) ?? {};
  const named = Object.entries(ssh).map(([release, machine]) => `${release}=${machine}`);
  const words = named.length > 0 ? `${named.join(', ')} (${file})` : '';
  return {
    value: providers.map(({ name, fidelity, sharesMachine }) => ({
      name,
      fidelity,
      ...(sharesMachine && { machines: ssh }),
    })),
    head: ['provider', 'fidelity', 'machines that it knows'],
    rows: providers.map(({ name, fidelity, sharesMachine }) => [name, fidelity, sharesMachine ? words : '']),
  };
}
