import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { type Distro, endOfLife, isPackaged } from '../domain/distro.ts';
import type { ScenarioSpec } from '../domain/scenario.ts';
import { type Part, stacks } from '../domain/stack.ts';
import { UserError } from '../errors.ts';
import { loadDistros } from '../load/load-distros.ts';
import { loadScenarios } from '../load/load-scenarios.ts';
import { hintOf } from '../load/nearest.ts';
import type { Context, Verb } from './context.ts';
import { listRuns } from './list-runs.ts';
import { type Listing, table } from './listing.ts';
import { cacheOf } from './provider-options.ts';

const examples = `
Examples:
  katafarm list distros               releases, their life cycle, and which VMMs they package
  katafarm list scenarios --json      one JSON value
  katafarm list runs --out /srv/runs  runs that were kept elsewhere, newest first
`;

interface ListOptions {
  readonly distros?: string;
  readonly scenarios?: readonly string[];
  readonly out?: string;
  readonly json?: true;
}

type Lister = (options: ListOptions, context: Context) => Promise<Listing> | Listing;

const listers: Readonly<Record<string, Lister>> = {
  distros: listDistros,
  scenarios: listScenarios,
  stacks: listStacks,
  providers: listProviders,
  runs: ({ out }, context) => listRuns(out, context),
};

/** `katafarm list WHAT`: tables for people, `--json` for scripts. */
export const list: Verb = (context) =>
  new Command('list')
    .description(`list ${Object.keys(listers).join(', ')}`)
    .argument('<what>', Object.keys(listers).join(', '))
    .option('--distros <dir>', 'folder of releases, in place of the one that comes along')
    .option('--scenarios <dir...>', 'folders of scenarios, in place of the one that comes along')
    .option('--out <dir>', 'where runs are kept ($KATAFARM_OUT)')
    .option('--json', 'one JSON value on stdout')
    .addHelpText('after', examples)
    .action(async (what: string, options: ListOptions) => {
      const lister = Object.hasOwn(listers, what) ? listers[what] : undefined;
      if (!lister) {
        throw new UserError(`cannot list "${what}": ${hintOf(what, Object.keys(listers))}`);
      }

      const listing = await lister(options, context);
      context.out(options.json ? `${JSON.stringify(listing.value, null, 2)}\n` : table(listing));
    });

async function listDistros({ distros: own }: ListOptions, { root, cwd, now }: Context): Promise<Listing> {
  const distros = await loadDistros(own ? resolve(cwd, own) : join(root, 'distros'));
  const today = now().toISOString().slice(0, 10);

  return {
    value: distros.map((distro) => ({ ...distro, vmms: vmmsOf(distro), state: stateOf(distro, today) })),
    head: ['release', 'title', 'life cycle', 'VMMs it packages'],
    rows: distros.map((distro) => [
      distro.id,
      distro.title,
      stateOf(distro, today),
      vmmsOf(distro).join(', '),
    ]),
  };
}

async function listScenarios({ scenarios: own }: ListOptions, { root, cwd }: Context): Promise<Listing> {
  const folders = own?.map((dir) => resolve(cwd, dir)) ?? [join(root, 'scenarios')];
  const scenarios = await loadScenarios(folders);

  return {
    value: scenarios,
    head: ['scenario', 'title', 'stacks', 'needs', 'rests on'],
    rows: scenarios.map(({ id, title, on, needs, restsOn }) => [
      id,
      title,
      on === 'kata' ? 'every Kata stack' : on.join(', '),
      needsOf(needs),
      restsOn.join(', '),
    ]),
  };
}

function listStacks(): Listing {
  const rows = stacks.map(({ id, title, parts }) => [id, title, parts.join(', ')]);
  return { value: stacks, head: ['stack', 'title', 'parts a release must package'], rows };
}

async function listProviders(_options: ListOptions, context: Context): Promise<Listing> {
  const cache = cacheOf(context);
  const providers = await context.providers({
    accelerator: 'auto',
    cache,
    allowExpiredMirror: false,
    freshness: 'offline',
  });

  return {
    value: providers.map(({ name, fidelity }) => ({ name, fidelity })),
    head: ['provider', 'fidelity'],
    rows: providers.map(({ name, fidelity }) => [name, fidelity]),
  };
}

/** What is left of a release's life, in words. */
function stateOf(distro: Distro, today: string): string {
  const { rolling, eol } = distro.lifecycle;
  const end = endOfLife(distro);

  if (rolling || !end) {
    return rolling ? 'rolling' : 'open end';
  }
  if (end < today) {
    return `eol since ${end}`;
  }
  return eol && eol < today ? `LTS until ${end}` : `until ${eol ?? end}`;
}

const vmms = ['qemu', 'cloud-hypervisor', 'firecracker'] as const satisfies readonly Part[];

function vmmsOf({ parts }: Distro): readonly Part[] {
  return vmms.filter((part) => isPackaged(parts[part]));
}

function needsOf({ parts = [], devices = [], network }: ScenarioSpec['needs']): string {
  return [...parts, ...devices, ...(network ? ['network'] : [])].join(', ');
}
