import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TransportError } from '../machine/faults.ts';

/** As much as is kept of what ssh complains of: its end. */
export const mostSaid = 2_000;

/** The largest file that is taken out of a machine: whatever it says, it does not fill this host's disk. */
const mostPulled = 2 ** 30;

/** Sends a file of this host to a session that reads one. */
export async function send(local: string, child: ChildProcess): Promise<void> {
  const ended = settled(child, `copy ${local} into the machine`);
  await Promise.all([pipeline(createReadStream(local), child.stdin as NodeJS.WritableStream), ended]);
}

/** Writes what a session prints to a file of this host; `remote` is what it is there. */
export async function receive(remote: string, child: ChildProcess, local: string): Promise<void> {
  child.stdin?.end();
  const ended = settled(child, `copy ${remote} out of the machine`);
  const bounded = async function* (chunks: AsyncIterable<Buffer>) {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > mostPulled) {
        child.kill('SIGKILL');
        throw new TransportError(`cannot copy ${remote} out of the machine: it has more than 1 GiB`);
      }
      yield chunk;
    }
  };
  const copied = pipeline(child.stdout as Readable, bounded, createWriteStream(local));
  await Promise.all([copied, ended]);
}

async function settled(child: ChildProcess, deed: string): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-mostSaid);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) {
    throw new TransportError(`cannot ${deed}: ${said.trim() || `ssh ended with ${code}`}`);
  }
}
