import type { CellId } from '../domain/cell.ts';
import { cellOf } from '../domain/cell.ts';
import { isPackaged } from '../domain/claim.ts';
import type { Distro } from '../domain/distro.ts';
import { expectedMs } from '../domain/history.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { BatchId } from '../domain/plan.ts';
import type { Speed } from '../domain/speed.ts';
import type { Part } from '../domain/stack.ts';
import { limitedBy, untilAborted } from '../machine/limit.ts';
import type { LoadedScenario } from '../scenario.ts';
import { type ControlRun, verdictAtLimit } from './at-limit.ts';
import type { Farm } from './farm.ts';
import { type Gone, goneSince } from './part-watch.ts';
import { type Casting, type Course, runScenario, type StepLimit } from './run-scenario.ts';

/** What vouches for a machine: it needs of it what every container does, and nothing of a VM. */
export const controlId = 'control.runc';

/** For a machine to say which processes it has, on hardware of speed 1. */
const sightSeconds = 10;

/** The control, and what it takes on a machine that does nothing else. */
export interface Control {
  readonly scenario: LoadedScenario;
  /** Milliseconds; undefined: not known in this run. */
  readonly usualMs: number | undefined;
}

/** The control of a run, if it is among its scenarios; timed in this run, else in earlier ones in this speed class. */
export function controlOf(farm: Farm, batch: BatchId, { id }: Distro, speed: Speed): Control | undefined {
  const scenario = farm.scenarios.get(controlId);
  const cell: CellId = `${id}/runc/${controlId}`;
  const past = farm.past.get(cell);
  const before = past?.outcome?.status === 'passed' ? past.timings.execute : undefined;
  const usual = expectedMs(farm.history, cellOf(id, 'runc', controlId), speed.class);
  return scenario && { scenario, usualMs: farm.controlMs.get(batch) ?? before ?? usual };
}

/** Looks at a machine that still answers after a step ran into its limit, and says what that means. */
export async function lookAtLimit(
  limit: StepLimit,
  casting: Casting,
  control: Control | undefined,
  { step }: Pick<Course, 'step'>,
): Promise<Outcome> {
  const { factor, machine, parts, signal, transcript } = casting;
  const sight = limitedBy(signal, sightSeconds * factor, `the processes of ${machine.name}`);
  const now = parts && (await untilAborted(parts.now(sight), sight));
  const gone: readonly Gone[] = now ? goneSince(parts?.samples ?? [], now) : [];
  for (const { because } of gone) {
    transcript.say(because);
  }
  if (gone.length > 0) {
    return verdictAtLimit({ limit, step, gone, factor });
  }
  const vouched = await tryControl(casting, control);
  return verdictAtLimit({ limit, step, gone, control: vouched, usualMs: control?.usualMs, factor });
}

/** Runs the control where the step hangs. */
async function tryControl(casting: Casting, control: Control | undefined): Promise<ControlRun> {
  const { distro, transcript, signal } = casting;
  if (!control) {
    return { kind: 'none', because: `the run has no scenario ${controlId}` };
  }
  const { scenario } = control;
  const missing = (scenario.needs.parts ?? []).filter((part: Part) => !isPackaged(distro.parts[part]));
  if (missing.length > 0) {
    return { kind: 'none', because: `the release packages no ${missing.join(', no ')}` };
  }

  transcript.say(`is it the machine? ${controlId} on it, for comparison`);
  const cell = cellOf(distro.id, 'runc', scenario.id);
  const course: Course = { step: undefined, failedAt: new WeakMap(), degraded: [] };
  const { parts: _, ...bare } = casting;
  const started = performance.now();
  try {
    await runScenario({ ...bare, scenario, cell, fact: async () => {} }, course);
    return { kind: 'passed', ms: Math.round(performance.now() - started) };
  } catch (error) {
    signal.throwIfAborted();
    const where = course.step === undefined ? '' : ` (at "${course.step}")`;
    return { kind: 'failed', because: `${(error as Error).message.split('\n')[0]}${where}` };
  }
}
