import type { Anchor } from './anchor.ts';
import type { Cell } from './cell.ts';
import type { DistroFacts, HostFacts } from './entry.ts';
import type { Outcome, Status } from './outcome.ts';
import type { Batch, Variant } from './plan.ts';
import type { Facts } from './result.ts';
import type { Run } from './run.ts';
import { needsKata } from './scenario.ts';
import type { SpeedClass } from './speed.ts';
import { oneLine } from './text.ts';

/** What an observation rests on: the speed class of its machine, or a container. */
export type Basis = SpeedClass | 'userspace';

/** From worst to best. */
const bases: readonly Basis[] = ['userspace', 'none', 'tcg+svm', 'kvm', 'kvm-nested'];

/** What runs showed, without their plans and details: what is published, and what publishing adds to. */
export interface Evidence {
  readonly runs: readonly RunNote[];
  readonly observations: readonly Observation[];
  /** Greens that anchor reds, whether their observations still count or not; missing before evidence was merged. */
  readonly anchors?: readonly Anchor[];
}

/** What a published page says of a run. */
export interface RunNote {
  readonly id: string;
  readonly startedAt: string;
  readonly host: HostFacts;
  readonly distros: readonly DistroFacts[];
  /** The words after `katafarm run` that repeat it, on any host. */
  readonly command?: readonly string[];
}

/** What one run showed of one cell. */
export interface Observation {
  readonly cell: Cell;
  readonly run: string;
  /** The version of the Kata that it was run with; missing: it is not about Kata. */
  readonly kata?: string;
  /** Missing: the planner skipped the cell, so it was never on a machine. */
  readonly variant?: Variant;
  readonly basis: Basis;
  /** ISO time at which the verdict stood. */
  readonly at: string;
  /** Missing: planned, and never run to its end. Its texts are on one line; details stay in the journal. */
  readonly outcome?: Outcome;
  /** How its attempts ended, in order. */
  readonly attempts: readonly Status[];
  readonly facts: Facts;
}

/** Where a better basis speaks before a worse one: a greater number is better. */
export function rankOf(basis: Basis): number {
  return bases.indexOf(basis);
}

/** Whether a word on this basis is plain: made on hardware virtualisation. */
export function isHardware(basis: Basis): boolean {
  return rankOf(basis) >= rankOf('kvm');
}

export function evidenceOf(run: Run): Evidence {
  const { id, startedAt, host, distros } = run;
  const command = portable(run.command);
  const ran = run.plan.batches.flatMap((batch) => batch.cells.map((cell) => observe(run, batch, cell)));
  const hadKata = (run.plan.katas ?? []).length > 0;
  const told = run.plan.skipped.filter(({ cell }) => hadKata || !needsKata({ id: cell.scenario }));
  const skipped = told.map(
    ({ cell, because }): Observation => ({
      cell: bare(cell),
      run: id,
      basis: 'none',
      at: startedAt,
      outcome: { status: 'skipped', because: oneLine(because) },
      attempts: [],
      facts: {},
    }),
  );

  return { runs: [{ id, startedAt, host, distros, command }], observations: [...ran, ...skipped] };
}

/** A mirror is its host's, and nothing that a verdict rests on. */
function portable(command: readonly string[]): readonly string[] {
  return command.filter((word, index) => word !== '--mirror' && command[index - 1] !== '--mirror');
}

function observe(run: Run, batch: Batch, cell: Cell): Observation {
  const result = run.results.get(cell.id);
  const attempts = (result?.attempts ?? []).flatMap(({ outcome }) => (outcome ? [outcome.status] : []));

  return {
    cell: bare(cell),
    run: run.id,
    ...kataOf(run, cell),
    variant: batch.variant,
    basis: basisOf(batch, run.batchFacts.get(batch.id)?.['speed']),
    at: result?.endedAt ?? run.endedAt ?? run.startedAt,
    ...(result?.outcome && { outcome: brief(result.outcome) }),
    attempts,
    facts: result?.facts ?? {},
  };
}

function basisOf(batch: Batch, speed: string | number | undefined): Basis {
  if (batch.variant === 'docker') {
    return 'userspace';
  }
  return bases.find((basis) => basis === speed) ?? 'none';
}

/** A planned cell without what only the runner needs. */
function bare({ id, distro, stack, scenario, kata }: Cell): Cell {
  return { id, distro, stack, ...(kata !== undefined && { kata }), scenario };
}

function kataOf({ plan }: Run, { scenario, kata }: Cell): Pick<Observation, 'kata'> {
  const build = plan.katas?.find(({ label }) => label === kata);
  return build && needsKata({ id: scenario }) ? { kata: build.version } : {};
}

function brief(outcome: Outcome): Outcome {
  switch (outcome.status) {
    case 'passed':
      return {
        ...outcome,
        ...(outcome.degraded && { degraded: outcome.degraded.map((line) => oneLine(line)) }),
      };
    case 'failed': {
      const { status, step, message } = outcome;
      return { status, ...(step && { step: oneLine(step) }), message: oneLine(message) };
    }
    case 'errored': {
      const { status, phase, message } = outcome;
      return { status, phase, message: oneLine(message) };
    }
    case 'skipped':
      return { ...outcome, because: oneLine(outcome.because) };
    case 'blocked':
      return outcome;
    default:
      return outcome satisfies never;
  }
}
