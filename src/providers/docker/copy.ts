import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { extract, pack } from 'tar-stream';
import { TransportError } from '../../machine/faults.ts';
import { untilAborted } from '../../machine/limit.ts';
import { saidBy } from './engine.ts';

/** Where a path without a beginning begins: root's home, as for any login. */
const home = '/root';
/** The largest file that is taken out of a container: whatever it says, it does not fill this host's disk. */
const mostPulled = 2 ** 30;
const never = new AbortController().signal;

/** Copies a file into a container, by a tar archive of one. Its permissions go with it. */
export async function push(
  container: Docker.Container,
  local: string,
  remote: string,
  signal: AbortSignal = never,
): Promise<void> {
  const target = posix.resolve(home, remote);
  const { mode, size } = await stat(local);
  const archive = pack();
  const entry = archive.entry({ name: posix.basename(target), mode: mode & 0o777, size, uid: 0, gid: 0 });
  const filled = pipeline(createReadStream(local), entry, { signal }).then(() => archive.finalize());
  filled.catch((error: Error) => archive.destroy(error));
  const put = container.putArchive(archive as unknown as Readable, { path: posix.dirname(target) });
  put.catch(() => {});
  try {
    await untilAborted(put, signal);
    await filled;
  } catch (error) {
    archive.destroy();
    throw troubleOf(error, `copy ${local} to ${target}`, signal);
  }
}

/** Copies a file out of a container; a link is followed by its container's own rules as far as it is one. */
export async function pull(
  container: Docker.Container,
  remote: string,
  local: string,
  signal: AbortSignal = never,
  hops = 8,
): Promise<void> {
  const source = posix.resolve(home, remote);
  let link: string | undefined;
  let found = false;
  try {
    const got = await untilAborted(container.getArchive({ path: source }), signal);
    const archive = extract();
    const read = pipeline(got, archive, { signal });
    read.catch(() => {});
    for await (const entry of archive) {
      const { type, linkname, size } = entry.header;
      link = type === 'symlink' ? posix.resolve(posix.dirname(source), linkname ?? '') : undefined;
      if ((size ?? 0) > mostPulled) {
        throw new Error('it has more than 1 GiB');
      }
      if (type === 'file') {
        await pipeline(entry, createWriteStream(local), { signal });
        found = true;
      } else {
        entry.resume();
      }
    }
    await read;
  } catch (error) {
    throw troubleOf(error, `copy ${source} to ${local}`, signal);
  }
  if (link !== undefined && hops > 0) {
    await pull(container, link, local, signal, hops - 1);
  } else if (!found) {
    throw new TransportError(`cannot copy ${source} to ${local}: it is no file`);
  }
}

function troubleOf(error: unknown, what: string, signal: AbortSignal): unknown {
  return signal.aborted
    ? signal.reason
    : new TransportError(`cannot ${what}: ${saidBy(error)}`, { cause: error });
}
