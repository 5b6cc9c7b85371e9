import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runBound } from '../../host/bound-child.ts';
import { limitedBy } from '../../machine/limit.ts';
import { phaseLimits } from '../../machine/limits.ts';
import type { BootRequest } from '../../machine/machine.ts';
import { posixQuote } from '../../machine/quote.ts';
import type { MachineSpec } from './argv.ts';
import { QemuMachine } from './machine.ts';
import { migrated } from './migration.ts';
import { awaken, quiesce } from './prepare.ts';
import type { SshIdentity } from './ssh-options.ts';

/** A device state larger than this holds RAM: something kept the memory from being left out. */
const largestState = 16 * 2 ** 20;

/** RAM is in a file of its own already, and does not belong into the stream. */
const sharedMemoryStays = { capabilities: [{ capability: 'x-ignore-shared', state: true }] };

export interface FrozenState {
  readonly spec: MachineSpec;
  readonly state: string;
  readonly identity: SshIdentity;
  /** What was changed before the freeze, in words. */
  readonly deviations: readonly string[];
  /** The distro's own QEMU in the machine, for stage 2 of the probe. */
  readonly innerQemu: string | undefined;
}

/** What is known of a machine before it is frozen. */
export type KeptState = Pick<FrozenState, 'identity' | 'innerQemu'>;

/** What templates need of their provider: where things are put, and the program. */
export interface Place {
  readonly qemu: string;
  /** A new name for a file or folder, by purpose; on the cache's file system. */
  readonly file: (purpose: string) => string;
  /** A new short folder for a machine's sockets. */
  readonly sockets: () => string;
  readonly now: () => Date;
}

/** Stops a machine, saves its devices' state beside its memory file, and ends it. It never runs on. */
export async function freeze(
  machine: QemuMachine,
  kept: KeptState,
  place: Place,
  { signal: interrupt, speed }: Pick<BootRequest, 'signal' | 'speed'>,
): Promise<FrozenState> {
  const signal = limitedBy(
    interrupt,
    phaseLimits.freeze.machineSeconds * speed.factor,
    `${machine.name} to be frozen`,
  );
  await machine.logout(signal);
  const timers = await quiesce(machine, signal);
  const state = place.file('state');
  const { qmp, spec } = machine;
  await qmp.execute('stop');
  await qmp.execute('migrate-set-capabilities', sharedMemoryStays);
  await qmp.execute('migrate', { uri: `exec:cat > ${posixQuote(state)}` });
  await migrated(machine, signal);
  await machine.quit();
  const { size } = await stat(state);
  if (size > largestState) {
    throw new Error(`cannot freeze ${machine.name}: its state has ${size} bytes, so its memory is in it`);
  }
  const deviations = timers.length > 0 ? [`stopped before the freeze: ${timers.join(' ')}`] : [];
  return { ...kept, spec, state, deviations };
}

/** Starts a machine from a frozen state: on its memory file (`share`), or on a private mapping of it. */
export async function thaw(
  frozen: FrozenState,
  request: BootRequest,
  place: Place,
  memory: MachineSpec['memory'],
): Promise<QemuMachine> {
  const disk = place.file('disk.qcow2');
  await overlay(frozen.spec.disk, 'qcow2', disk, request.signal);
  const spec: MachineSpec = {
    ...frozen.spec,
    name: `katafarm-${request.run}-${request.name}`,
    disk,
    memory,
    network: request.network,
    sockets: place.sockets(),
    console: join(request.logs, 'console.log'),
    incoming: true,
  };
  const { logs, announce, signal } = request;
  const litter = memory.share ? [disk, memory.file] : [disk];
  const machine = await QemuMachine.start({ qemu: place.qemu, spec, logs, litter, announce, signal });

  try {
    const limit = limitedBy(signal, 15 * request.speed.factor, `${machine.name} to go on from its template`);
    await machine.qmp.execute('migrate-set-capabilities', sharedMemoryStays);
    await machine.qmp.execute('migrate-incoming', { uri: `exec:cat ${posixQuote(frozen.state)}` });
    await migrated(machine, limit);
    await machine.qmp.execute('cont');
    const { status, output } = await machine.ask(awaken(place.now(), randomBytes(64)), limit);
    if (status !== 0) {
      throw new Error(`cannot give ${machine.name} the time and randomness of its own: ${output}`);
    }
    return machine;
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    throw error;
  }
}

/** A copy-on-write disk on top of another. */
export async function overlay(
  base: string,
  format: 'raw' | 'qcow2',
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const made = await runBound(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', format, '-b', base, path], {
    signal,
  });
  if (made.code !== 0) {
    throw new Error(`cannot make a disk: ${made.output.trim()}`);
  }
}
