import type { Cell } from '../domain/cell.ts';
import type { BatchId } from '../domain/plan.ts';
import type { Speed } from '../domain/speed.ts';
import type { Part } from '../domain/stack.ts';
import { within } from '../machine/limits.ts';
import type { BootRequest, Machine } from '../machine/machine.ts';
import type { Farm } from './farm.ts';
import type { During } from './keep.ts';

/** What a machine of a cell's own is asked for by. */
export interface MachineRequest {
  readonly name: string;
  readonly cell: Cell;
  readonly batch: BatchId;
  readonly speed: Speed;
  readonly memoryMiB: number;
  /** It boots from power-on. */
  readonly cold: boolean;
  readonly network: boolean;
  /** Of the distro's, what is used in it. */
  readonly parts?: readonly Part[] | undefined;
  readonly logs: string;
  readonly start: (request: BootRequest) => Promise<Machine>;
}

const untimed: During = (_phase, body) => body();

/** Starts it within its phase's limit. One that comes after that, or is not to be recorded, is let go of. */
export async function startMachine(
  farm: Pick<Farm, 'run' | 'record' | 'signal'>,
  { name, cell, batch, speed, memoryMiB, cold, network, parts, logs, start }: MachineRequest,
  during: During = untimed,
): Promise<Machine> {
  const phase = cold ? 'boot' : 'clone';
  const what = `a ${cold ? 'machine' : 'clone'} for ${cell.id}`;
  let starting: Promise<Machine> | undefined;
  try {
    const begin = (signal: AbortSignal) => {
      starting = start({
        ...{ name, batch, speed, memoryMiB, network, logs, signal },
        ...(parts && { parts }),
        run: farm.run,
        cell: cell.id,
        purpose: 'commands',
        announce: (argv) =>
          farm.record({ type: 'machine-started', machine: name, batch, cell: cell.id, argv }),
      });
      return starting;
    };
    const limit = { phase, what, factor: speed.factor } as const;
    return await during(phase, () => within(limit, farm.signal, begin));
  } catch (error) {
    starting?.then((late) => late[Symbol.asyncDispose]()).catch(() => {});
    throw error;
  }
}

/** Ends it, within a limit. */
export function letGoOf(farm: Pick<Farm, 'signal'>, machine: Machine): Promise<void> {
  return within({ phase: 'teardown', what: `${machine.name} to end` }, farm.signal, () =>
    machine[Symbol.asyncDispose](),
  );
}
