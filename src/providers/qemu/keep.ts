import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, rename, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CellId } from '../../domain/cell.ts';
import type { DistroId } from '../../domain/distro.ts';
import { removeTree } from '../../host/remove-tree.ts';
import { LimitReached, untilAborted } from '../../machine/limit.ts';
import { posixQuote } from '../../machine/quote.ts';
import type { MachineSpec } from './argv.ts';
import { type BuiltImageRecord, imageRecord } from './image-record.ts';
import { imageOf, type Kept, keptFiles, keptFolder } from './kept.ts';
import { migrated } from './migration.ts';
import type { Qmp } from './qmp.ts';
import { rebase } from './rebase.ts';
import type { SshIdentity } from './ssh-options.ts';
import { readJson } from './stored-file.ts';

/** What keeping needs of a machine. */
export interface Keepable {
  readonly name: string;
  readonly spec: MachineSpec;
  readonly qmp: Pick<Qmp, 'execute'>;
  readonly identity: SshIdentity | undefined;
  /** Closes the connections to it. */
  readonly logout: (signal: AbortSignal) => Promise<void>;
  /** Ends its process. */
  readonly quit: () => Promise<void>;
}

/** A machine that is to be kept may be one that hangs: its consent is asked for so long, and not needed. */
const consentMs = 5_000;
/** However much memory there is to write, it moves. */
const stallSeconds = 60;
/** What a kept machine leaves free on the disk, at least, were all its memory in use. */
const spareMiB = 2048;

/** A new name: what it is of is in its record. */
const newId = () => `kept-${randomBytes(6).toString('hex')}`;

/**
 * Freezes a machine to disk, all its memory in the state's stream, and ends its process. It is in its place in the
 * cache in one step, when it is complete; where that can't be, nothing of it stays. Returns its id.
 */
export async function keep(
  machine: Keepable,
  { run, cell }: { readonly run: string; readonly cell: CellId },
  signal: AbortSignal,
): Promise<string> {
  const { name, spec, identity } = machine;
  const { digest: image, folder: imageFolder, cache } = imageOf(spec);
  if (!identity) {
    throw new Error(`cannot keep ${name}: nobody has a key to it`);
  }
  await ensureRoom(machine, cache);
  const id = newId();
  const staged = join(dirname(spec.disk), id);
  const at = (file: keyof typeof keptFiles) => join(staged, keptFiles[file]);

  try {
    await mkdir(staged, { mode: 0o700 });
    const consent = AbortSignal.any([signal, AbortSignal.timeout(consentMs)]);
    await untilAborted(machine.logout(consent), consent).catch(() => {});
    signal.throwIfAborted();
    await freeze(machine, at('state'), signal);
    await machine.quit();

    await rebase(spec.disk, join(imageFolder, 'disk.raw'), signal);
    await rename(spec.disk, at('disk'));
    await copyFile(identity.key, at('key'));
    await copyFile(identity.knownHosts, at('knownHosts'));
    const distro = cell.split('/')[0] as DistroId;
    const madeAt = (await stat(at('state'))).mtime.toISOString();
    const about = await readJson<BuiltImageRecord>(join(imageFolder, imageRecord));
    const kept: Kept = { id, run, cell, distro, image, disk: about?.disk, madeAt, spec };
    await writeFile(at('about'), `${JSON.stringify(kept, undefined, 2)}\n`);
    await mkdir(join(cache, 'kept'), { recursive: true });
    await rename(staged, keptFolder(cache, id));
    return id;
  } catch (error) {
    await removeTree(staged).catch(() => {});
    throw error;
  }
}

/** Memory that is shared with a file, as a machine's that booted by itself is, goes into the stream as well. */
async function freeze({ qmp, name }: Keepable, state: string, interrupt: AbortSignal): Promise<void> {
  const stall = new AbortController();
  let last = 0;
  let said = performance.now();
  const watch = (bytes: number) => {
    const now = performance.now();
    if (bytes !== last) {
      [last, said] = [bytes, now];
    } else if (now - said > stallSeconds * 1000) {
      stall.abort(new LimitReached(`${name} to be kept`, stallSeconds, `${bytes} bytes written`));
    }
  };

  const tell = (command: string, args: Readonly<Record<string, unknown>> = {}) =>
    untilAborted(qmp.execute(command, args), interrupt);

  await tell('stop');
  const capabilities = [{ capability: 'x-ignore-shared', state: false }];
  await tell('migrate-set-capabilities', { capabilities });
  // By default it holds itself back, for networks that others use as well.
  await tell('migrate-set-parameters', { 'max-bandwidth': 2 ** 40 });
  await tell('migrate', { uri: `exec:cat > ${posixQuote(state)}` });
  await migrated({ qmp, name }, AbortSignal.any([interrupt, stall.signal]), watch);
}

/** Of its memory, pages of zeros take next to nothing: how many there are shows when it is written. */
async function ensureRoom({ name, spec }: Pick<Keepable, 'name' | 'spec'>, cache: string): Promise<void> {
  const { bavail, bsize } = await statfs(cache);
  const freeMiB = Math.floor((bavail * bsize) / 2 ** 20);
  const neededMiB = spareMiB + spec.memoryMiB;
  if (freeMiB < neededMiB) {
    throw new Error(`cannot keep ${name}: ${freeMiB} MiB are free in ${cache}, and ${neededMiB} have to be`);
  }
}
