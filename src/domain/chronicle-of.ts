import { brief } from './brief.ts';
import { type Chronicle, type ChronicleRun, noChronicle, type Red } from './chronicle.ts';
import { mergeChronicles } from './chronicle-merge.ts';
import type { DistroId } from './distro.ts';
import type { Observation } from './evidence.ts';
import { laneOf, type Seen } from './lane-of.ts';
import { evidenceOf } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { packagesIn, packagesOf } from './packages.ts';
import type { Batch } from './plan.ts';
import { redIdOf } from './red-id.ts';
import type { Run } from './run.ts';
import { oneLine } from './text.ts';

/** So many are folded in at a time: a run by itself takes the room of hundreds that are folded. */
const together = 16;

/** What these runs tell, each held no longer than it takes to fold it. Runs that were modified by hand tell nothing. */
export function chronicleOf(runs: Iterable<Run>): Chronicle {
  let all = noChronicle;
  let waiting: Chronicle[] = [];
  for (const run of runs) {
    if (run.modified.length > 0) {
      continue;
    }
    waiting.push(ofRun(run));
    if (waiting.length === together) {
      all = mergeChronicles([all, ...waiting]);
      waiting = [];
    }
  }
  return mergeChronicles([all, ...waiting]);
}

/** What an observation said, where it is no plain green; `firstTry`: how a flaky cell's first attempt ended. */
export function redIn(
  { outcome, finding, known }: Pick<Observation, 'outcome' | 'finding' | 'known'>,
  firstTry?: Outcome,
): Red | undefined {
  switch (outcome?.status) {
    case undefined:
      return undefined;
    case 'passed':
      return outcome.flaky && firstTry ? redIn({ outcome: brief(firstTry) }) : undefined;
    case 'failed': {
      const { message, step, class: kind } = outcome;
      return {
        message,
        ...(step && { step }),
        ...(kind && { class: kind }),
        ...(finding && { finding }),
        ...(known && { known }),
      };
    }
    case 'errored':
      return { message: outcome.message, phase: outcome.phase };
    case 'blocked':
      return { message: outcome.message ?? '', by: outcome.by };
    case 'skipped':
      return { message: outcome.because };
    default:
      return outcome satisfies never;
  }
}

function ofRun(run: Run): Chronicle {
  const { observations } = evidenceOf(run);
  const reds: Record<string, Red> = {};
  const seenAs = (observation: Observation): Seen => {
    const { cell, kata, outcome } = observation;
    const attempts = run.results.get(cell.id)?.attempts ?? [];
    const red = redIn(observation, attempts.find((one) => one.outcome?.status === 'failed')?.outcome);
    const id = red && redIdOf(red);
    if (red && id) {
      reds[id] ??= red;
    }
    const flaky = outcome?.status === 'passed' && outcome.flaky;
    const status = flaky ? 'flaky' : (outcome?.status ?? 'missing');
    return { cell: cell.id, ...(kata !== undefined && { kata }), state: { status, ...(id && { red: id }) } };
  };

  const byRelease = Map.groupBy(observations, ({ cell }) => cell.distro);
  const lanes = run.plan.batches.flatMap((batch) => {
    // What the planner skipped was on no machine: it stands with whatever the release was run on.
    const own = (byRelease.get(batch.distro) ?? []).filter(
      (one) => (one.variant ?? batch.variant) === batch.variant,
    );
    const basis = own.find(({ variant }) => variant)?.basis;
    return basis === undefined
      ? []
      : [
          laneOf({
            ...{ run: run.id, release: batch.distro, variant: batch.variant, basis, cells: own.map(seenAs) },
            seconds: Math.round(sum(batch.cells.map(({ id }) => run.results.get(id)?.ms ?? 0)) / 1000),
            versions: versionsIn(run, batch),
          }),
        ];
  });
  return { runs: [headOf(run)], lanes, reds };
}

function headOf(run: Run): ChronicleRun {
  const { id, startedAt, endedAt, interrupted, host, plan } = run;
  const told = [...run.results.values()].flatMap((result) => result.endedAt ?? []);
  const [command = []] = evidenceOf({ ...run, plan: { batches: [], skipped: [] } }).runs.map(
    (note) => note.command,
  );
  return {
    ...{ id, startedAt, until: endedAt ?? [startedAt, ...told].toSorted().at(-1) ?? startedAt },
    host: Object.fromEntries(
      Object.entries(host).map(([key, value]) => [key, typeof value === 'string' ? oneLine(value) : value]),
    ),
    command: command.map((word) => oneLine(word)),
    katas: (plan.katas ?? []).map(({ version }) => oneLine(version)),
    ...((interrupted !== undefined || endedAt === undefined) && { cut: true }),
  };
}

function versionsIn(run: Run, { id, distro, cells }: Batch): Readonly<Record<string, string>> {
  const facts = run.batchFacts.get(id) ?? {};
  const told = cells.map((cell) => run.results.get(cell.id)?.facts ?? {});
  // What cells record depends on which of them were run: it speaks only where the whole machine's doesn't.
  const packages = packagesOf(run)[distro as DistroId] ?? packagesIn(Object.assign({}, ...told));
  const kernel = told.findLast((one) => one['kernel'] !== undefined)?.['kernel'];
  const image = facts['image.digest'];
  const katas = (run.plan.katas ?? []).map(
    ({ label, version }) => [label ? `Kata ${label}` : 'Kata', version] as const,
  );
  const all = {
    ...packages,
    ...(kernel !== undefined && { kernel: String(kernel) }),
    ...(image !== undefined && {
      image: String(image)
        .replace(/^sha256:/, '')
        .slice(0, 12),
    }),
    ...Object.fromEntries(katas),
  };
  return Object.fromEntries(Object.entries(all).map(([name, version]) => [oneLine(name), oneLine(version)]));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
