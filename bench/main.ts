/**
 * `npm run bench [-- ROW...]`: ratios, each of two things that are measured side by side in one run.
 * Progress goes to stderr, the table to stdout. Leaves nothing behind; needs no network once images are in the cache.
 */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { hostFacts } from '../src/commands/host-facts.ts';
import { cacheOf } from '../src/commands/provider-options.ts';
import { openWorkspace } from '../src/host/workspace.ts';
import { byHand } from './by-hand.ts';
import { clone } from './clone.ts';
import { farmCpu } from './farm-cpu.ts';
import { type FarmRun, farmRun } from './farm-run.ts';
import { history } from './history.ts';
import { makespan } from './makespan.ts';
import type { Row } from './row.ts';
import { startup } from './startup.ts';
import { table } from './table.ts';

const measures: Readonly<
  Record<string, { readonly summary: string; readonly take: () => Promise<readonly Row[]> }>
> = {
  startup: { summary: 'a call of the CLI against a bare Node', take: () => startup(root) },
  makespan: {
    summary: 'simulated cells against the least time they could take',
    take: () => makespan(),
  },
  history: { summary: 'a year of nights that is kept for good, against plain JSON', take: () => history() },
  cpu: { summary: "the farm's own CPU time in a real run", take: async () => farmCpu(await realRun()) },
  'by-hand': {
    summary: 'a real run against the same steps by a bare script',
    take: async () => {
      const large = workspace.files;
      return byHand({ root, cache: large, folder: await newFolder(), signal }, await realRun());
    },
  },
  clone: {
    summary: 'a clone of a template against a boot from power-on',
    take: async () => clone({ root, cache, folder: await newFolder(), signal }, tell),
  },
};

const usage = `usage: npm run bench -- [--scenario GLOB]... [ROW...]

${Object.entries(measures)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}

--scenario   only these of debian-13's scenarios in the real run (all that need no Kata, unless said)
`;

const { values, positionals } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const wrong = positionals.filter((name) => !Object.hasOwn(measures, name));
if (values.help || wrong.length > 0) {
  console.error(wrong.length > 0 ? `cannot measure ${wrong.join(', ')}\n${usage}` : usage);
  process.exit(wrong.length > 0 ? 2 : 0);
}

const root = resolve(import.meta.dirname, '..');
const cache = cacheOf({ env: process.env, cwd: process.cwd() });
const stop = new AbortController();
const { signal } = stop;
process.once('SIGINT', () => stop.abort(new Error('interrupted')));
process.once('SIGTERM', () => stop.abort(new Error('interrupted')));
const tell = (line: string) => console.error(`bench: ${line}`);

await mkdir(cache, { recursive: true });
// As every farm's, it goes with the next one should this process be killed.
await using workspace = await openWorkspace(cache);
let run: Promise<FarmRun> | undefined;
const rows: Row[] = [];
const missing: string[] = [];
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(measures)) {
    tell(`${name}: ${measures[name]?.summary}`);
    try {
      rows.push(...((await measures[name]?.take()) ?? []));
    } catch (error) {
      signal.throwIfAborted();
      missing.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const host = Object.entries(await hostFacts()).map(([key, value]) => `${key} ${value}`);
  console.log(`${table(rows)}\n${host.join(', ')}, node ${process.versions.node}`);
  for (const complaint of missing) {
    console.log(`not measured: ${complaint}`);
  }
} catch (error) {
  if (!signal.aborted) {
    throw error;
  }
  process.exitCode = 130;
}

/** One run for all rows that look at one; before it a short one, so that it finds image, probe and template made. */
function realRun(): Promise<FarmRun> {
  run ??= (async () => {
    const argv = ['debian-13', '--kata', 'none', '--offline'];
    tell('a short run, to have image and template ready');
    await farmRun(root, await newFolder(), [...argv, '--scenario', 'host.cpu'], signal);
    tell('the run that is measured');
    const chosen = values.scenario.flatMap((glob) => ['--scenario', glob]);
    return farmRun(root, await newFolder(), [...argv, ...chosen], signal);
  })();
  return run;
}

async function newFolder(): Promise<string> {
  return mkdtemp(join(workspace.sockets, 'x'));
}
