import { randomBytes } from 'node:crypto';
import { mkdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { isThere } from '../../host/lock.ts';
import { limitedBy, untilAborted } from '../../machine/limit.ts';
import { transferSeconds } from '../../machine/limits.ts';
import type { BootRequest } from '../../machine/machine.ts';
import { posixQuote } from '../../machine/quote.ts';
import { boards } from './arch.ts';
import type { MachineSpec } from './argv.ts';
import { overlay, type Place } from './freeze.ts';
import { type BuiltImageRecord, imageRecord } from './image-record.ts';
import { imageOf, type Kept, keptFiles, keptFolder, overlayName, readKept } from './kept.ts';
import { QemuMachine } from './machine.ts';
import { migrated } from './migration.ts';
import { awaken } from './prepare.ts';
import { readJson } from './stored-file.ts';

/** On hardware of speed 1: to go on once its state is read, and to log in. */
const goOnSeconds = 30;
const loginSeconds = 20;

/**
 * Starts a machine from a kept one's state: its memory a copy of its own, its disk on top of the kept one's. Where it
 * was let out to the network it is again; where not, only as the request says. Throws a UserError where it is gone, or
 * what it rests on.
 */
export async function revive(
  cache: string,
  id: string,
  request: BootRequest,
  place: Place,
): Promise<QemuMachine> {
  const { logs, announce, signal, speed } = request;
  const kept = await readKept(cache, id);
  if (!kept) {
    throw new UserError(`cannot go into the kept machine ${id}: it is gone from ${cache}, or not whole`);
  }
  await ensureImage(kept);
  const at = (file: keyof typeof keptFiles) => join(keptFolder(cache, id), keptFiles[file]);
  const disk = place.file(overlayName(id));
  const memory = place.file('memory');
  await mkdir(logs, { recursive: true });
  await overlay(at('disk'), 'qcow2', disk, signal);
  const now = place.now();
  await utimes(keptFolder(cache, id), now, now);
  const spec: MachineSpec = {
    ...kept.spec,
    name: `katafarm-${request.run}-${request.name}`,
    disk,
    memory: { file: memory, share: false },
    network: kept.spec.network || request.network,
    sockets: place.sockets(),
    console: join(logs, 'console.log'),
    incoming: true,
  };
  const litter = [disk, memory];
  const machine = await QemuMachine.start({
    qemu: spec.arch ? boards[spec.arch].qemu : place.qemu,
    spec,
    logs,
    litter,
    announce,
    signal,
  });

  try {
    const { size } = await stat(at('state'));
    const seconds = transferSeconds(size) + goOnSeconds * speed.factor;
    const limit = limitedBy(signal, seconds, `${machine.name} to go on`);
    const uri = `exec:cat ${posixQuote(at('state'))}`;
    await untilAborted(machine.qmp.execute('migrate-incoming', { uri }), limit);
    await migrated(machine, limit);
    await untilAborted(machine.qmp.execute('cont'), limit);
    const { status, output } = await machine.ask(awaken(place.now(), randomBytes(64)), limit);
    if (status !== 0) {
      throw new Error(`cannot give ${machine.name} the time and randomness of its own: ${output}`);
    }
    const patience = limitedBy(signal, loginSeconds * speed.factor, `SSH of ${machine.name}`);
    await machine.login({ key: at('key'), knownHosts: at('knownHosts') }, patience);
    return machine;
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    throw error;
  }
}

/** Its disk holds what differs from the image's: on top of any other it would be a heap of blocks. */
export async function ensureImage({ id, spec, image, disk }: Kept): Promise<void> {
  const { folder } = imageOf(spec);
  const refused = (why: string) => {
    const what = `cannot go into the kept machine ${id}: the image ${image.slice(0, 12)} that it rests on ${why}`;
    return new UserError(`${what}; run its cell again with --keep always`, { exitCode: 3 });
  };
  const found = await readJson<BuiltImageRecord>(join(folder, imageRecord));
  if (!found || !(await isThere(join(folder, 'disk.raw')))) {
    throw refused('is gone');
  }
  if (disk !== undefined && found.disk !== disk) {
    throw refused('was built anew since');
  }
}
