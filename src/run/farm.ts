import type { CellId } from '../domain/cell.ts';
import type { Distro, DistroId } from '../domain/distro.ts';
import type { Note } from '../domain/entry.ts';
import type { History } from '../domain/history.ts';
import type { BatchId } from '../domain/plan.ts';
import type { Facts, Result } from '../domain/result.ts';
import type { ScenarioId } from '../domain/scenario.ts';
import type { KataInstaller } from '../install/install-kata.ts';
import type { Overlay } from '../install/overlay/overlay.ts';
import type { Provider } from '../machine/machine.ts';
import type { LoadedScenario } from '../scenario.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Keep } from './keep.ts';
import type { LastGreenOf } from './last-green.ts';
import type { Slots } from './slots.ts';
import type { Watcher } from './watcher.ts';

/** Everything that work on a run rests on. */
export interface Farm {
  readonly run: string;
  /** The run's folder: the journal, and `cells/` below it. */
  readonly folder: string;
  readonly distros: ReadonlyMap<DistroId, Distro>;
  readonly scenarios: ReadonlyMap<ScenarioId, LoadedScenario>;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly slots: Slots;
  readonly record: (note: Note) => Promise<void>;
  readonly watcher: Watcher;
  /** What earlier runs let expect. */
  readonly history: History;
  /** Which releases go before which: higher first. */
  readonly ranks: ReadonlyMap<BatchId, number>;
  /** Facts of batches from before the run was gone on with, on this same host; else empty. */
  readonly known: ReadonlyMap<BatchId, Facts>;
  /** What is known of cells from before the run was gone on with. */
  readonly past: ReadonlyMap<CellId, Result>;
  /** What control.runc took in a batch, in milliseconds, once it has passed: by that a hang is told from slowness. */
  readonly controlMs: Map<BatchId, number>;
  /** How often a cell that failed for the farm's own trouble is tried again. */
  readonly retries: number;
  /** Before the farm's own trouble is tried again, in milliseconds; twice as long the next time. */
  readonly pauseMs: number;
  /** Of which attempts the machine is frozen to disk. */
  readonly keep: Keep;
  /** What Kata's cells have in their machines, by the cells' labels; that of the first `--kata` stands under `''`. */
  readonly katas: ReadonlyMap<string, KataInstaller>;
  /** A script that every template is changed by before its cells run; the run is then marked modified. */
  readonly prepare?: string;
  /** The same, after which each machine boots again: those that boot for their cell as well. */
  readonly prepareCold?: string;
  /** Packages on top of each release; the run is then marked modified. */
  readonly overlay?: Overlay;
  /** What scenarios are given to build, by name: absolute paths and addresses. */
  readonly sources?: Readonly<Record<string, string>>;
  /** What failures are looked into with, before their templates go; missing: they are not. */
  readonly diagnostics?: Diagnostics;
  /** What earlier runs let a red cell's lines be compared with; missing: there are none. */
  readonly lastGreenOf?: LastGreenOf;
  readonly signal: AbortSignal;
}

/** A cell's folder below the run's, an attempt to itself. */
export function attemptFolder(cell: CellId, attempt: number): string {
  return `cells/${cell}/${attempt}`;
}
