import type { Cell } from './domain/cell.ts';
import type { Packaged } from './domain/claim.ts';
import type { Distro } from './domain/distro.ts';
import type { ScenarioSpec } from './domain/scenario.ts';
import type { Part } from './domain/stack.ts';
import type { Cri } from './machine/cri.ts';
import type { Guest } from './machine/guest.ts';

/**
 * What a scenario's file exports by default. It imports nothing from the farm at run time:
 * `import type { Scenario } from …` and `export default { … } satisfies Scenario`.
 */
export interface Scenario
  extends Pick<ScenarioSpec, 'title' | 'on'>,
    Partial<Pick<ScenarioSpec, 'needs' | 'restsOn' | 'machine' | 'stepSeconds' | 'takes'>> {
  /** Returns when the scenario passed. Throws (an assertion, a command that failed) when it did not. */
  readonly run: (t: ScenarioContext) => Promise<void>;
}

/** A scenario with its id, and its defaults filled in. */
export type LoadedScenario = ScenarioSpec & Pick<Scenario, 'run'>;

/** What a scenario is given. */
export interface ScenarioContext {
  readonly guest: Guest;
  readonly cell: Cell;
  readonly distro: Distro;
  readonly signal: AbortSignal;
  /** By how much slower than hardware this machine is (1 or more). Limits of steps are stretched by it already. */
  readonly factor: number;
  /**
   * A part of the scenario, with a name for what failed and a limit of its own (the scenario's `stepSeconds`
   * unless given), stretched by `factor`. Commands started within it end with it.
   */
  step<T>(title: string, body: () => PromiseLike<T>, seconds?: number): Promise<T>;
  /**
   * A step that says something of the machine and not of what is tested on it: where it fails, the cell is blocked by
   * control.runc, whatever else was seen.
   */
  control<T>(title: string, body: () => PromiseLike<T>): Promise<T>;
  /**
   * A client of the machine's engine, by the interface that a kubelet speaks; of containerd unless another socket is
   * given. Its calls end with the step that they are made in, and the client with the scenario.
   */
  cri(socket?: string): Promise<Cri>;
  /** Records something learnt that is not a verdict: a version, a digest, a boot time. */
  fact(key: string, value: string | number): Promise<void>;
  /** It works, but only by a departure from a default: the published word is at most `degraded`. */
  degrade(reason: string): void;
  /** Ends the scenario: it says nothing about this machine, for this reason. */
  skip(reason: string): never;
  /** What `--source NAME=WHAT` gave, by its name (one that the scenario `takes`): the path of a file of the farm's host, or an address. */
  readonly sources: Readonly<Record<string, string>>;
  /** A part that `needs.parts` names: its package and the path of its binary. */
  part(name: Part): Packaged;
}
