import { randomBytes } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { exitCodeOf, unexecuted } from '../domain/exit-code.ts';
import { type Run, replay } from '../domain/run.ts';
import { UserError } from '../errors.ts';
import { Journal } from '../journal/journal.ts';
import { parseJournal } from '../journal/parse.ts';
import { writeArtifacts } from '../publish/write-artifacts.ts';
import { consoleSummary } from '../report/console.ts';
import { formats, render } from '../report/reports.ts';
import { runPlan } from '../run/run-plan.ts';
import type { Context, Verb } from './context.ts';
import { ensureFolder, ensureRoom } from './disk-room.ts';
import { availableMiB, hostFacts } from './host-facts.ts';
import {
  addMachines,
  addOutput,
  addRunning,
  addSelection,
  type MachineOptions,
  type OutputOptions,
  type RunOptions,
  type Selection,
} from './options.ts';
import { planText } from './plan-text.ts';
import { type Planned, plannedOf } from './planned.ts';
import { cacheOf } from './provider-options.ts';
import { repeatCommand, runStarted } from './run-started.ts';
import { ensureTools } from './tools.ts';
import { watcherOf } from './view/watcher-of.ts';

type Options = Selection & MachineOptions & RunOptions & OutputOptions;

const examples = `
Examples:
  katafarm run debian-13 --yes --kata none              one release, from nothing to a support table
  katafarm run debian-12 debian-13 --stack qemu         two releases, one stack
  katafarm run debian-13 --scenario vmm.qemu.boot       one scenario (and what it needs of the machine)
  katafarm run debian-13 --prepare fix.sh               with a change of yours in the machine; never published
  katafarm run debian-13 --dry-run                      what would run; boots nothing

Exit status: 0 nothing failed, 1 a cell failed, 2 wrong use or a wrong file, 3 the farm could not do its work,
130 interrupted (143, 129 by SIGTERM, SIGHUP); everything is cleaned up in each case.
`;

/** Plans, runs and reports: the farm's main job. */
export const run: Verb = (context) =>
  addOutput(addRunning(addMachines(addSelection(new Command('run')))), context)
    .description('boot a machine of each release, run the scenarios in clones of it, report')
    .argument('[distro...]', 'releases; all unless given')
    .addHelpText('after', examples)
    .action(async (words: string[], options: Options) => {
      const planned = await plannedOf(context, words, options);
      if (options.dryRun) {
        context.out(options.json ? `${JSON.stringify(planned.plan)}\n` : planText(planned.plan));
      }
      if (planned.starved.length > 0) {
        throw new UserError(
          `cannot run anything of ${planned.starved.join(', ')}: every such cell is skipped; katafarm plan says why`,
          { exitCode: 3 },
        );
      }
      if (options.dryRun) {
        return;
      }
      await ensureScript(context, options.prepare);
      await ensureTools(context, { yes: options.yes ?? false });
      const finished = await perform(context, words, options, planned);
      for (const asked of unexecuted(finished, options)) {
        context.err(`katafarm: no cell of ${asked} came to a verdict\n`);
      }
      context.exit(exitCodeOf(finished, options));
    });

async function perform(
  context: Context,
  words: readonly string[],
  options: Options,
  planned: Planned,
): Promise<Run> {
  const cache = cacheOf(context);
  await ensureFolder(cache, 'KATAFARM_CACHE=DIR');
  await ensureRoom(cache, planned.plan.batches.length);
  const watcher = watcherOf(context, options);
  const signal = options.timeout
    ? AbortSignal.any([context.signal, AbortSignal.timeout(options.timeout)])
    : context.signal;

  const id = runId(context.now());
  const folder = join(options.out, id);
  await ensureFolder(folder, '--out DIR');
  const journalPath = join(folder, 'journal.jsonl');
  const command = repeatCommand(words, options);
  {
    await using journal = await Journal.open(journalPath, context.now, open, options.json && context.out);
    await journal.record(runStarted(id, await hostFacts(), planned, command, options));
    watcher.said(`run ${id} in ${relative(context.cwd, folder)}`);
    await runPlan({
      run: id,
      folder,
      plan: planned.plan,
      distros: planned.distros,
      scenarios: planned.scenarios,
      providers: planned.providers,
      capacity: { availableMiB: await availableMiB(), memoryMiB: options.memory, jobs: options.jobs },
      retries: options.retries,
      pauseMs: 2_000,
      ...(options.prepare && { prepare: resolve(context.cwd, options.prepare) }),
      record: (note) => journal.record(note),
      watcher,
      signal,
    });
  }

  const finished = replay(parseJournal(await readFile(journalPath, 'utf8'), journalPath));
  await writeArtifacts(folder, render(finished, formats));
  if (!options.json && !(options.quiet && exitCodeOf(finished, options) === 0)) {
    const { color } = context.terminal;
    context.out(consoleSummary(finished, { color, columns: 0, folder: relative(context.cwd, folder) }));
  }
  return finished;
}

async function ensureScript({ cwd }: Context, script: string | undefined): Promise<void> {
  const found = script === undefined || (await stat(resolve(cwd, script)).catch(() => undefined))?.isFile();
  if (!found) {
    throw new UserError(`cannot read --prepare ${script}: it is no file; give a shell script's path`);
  }
}

/** `20261121-223803-4f1c`: sorts by time, and two farms in one second differ. */
function runId(now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
}
