import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { UserError } from '../../errors.ts';
import { dataOf, type Member, membersOf } from './zip-directory.ts';

const mostBytes = 16 * 2 ** 30;

/**
 * Writes the one archive that a zip of GitHub's holds into a file. Its name in there is not used for anything. Throws a UserError
 * (exit 2) where it holds anything else.
 */
export async function unzipArchive(zip: string, path: string, signal: AbortSignal): Promise<void> {
  const refuse = (reason: string): never => {
    throw new UserError(
      `cannot use ${zip}: ${reason}; get it anew, or give the archive in it: --kata file:PATH`,
    );
  };
  await using file = await open(zip);
  const members = (await membersOf(file)) ?? refuse('it is no zip, or cut short');
  const [member = refuse('there is nothing in it'), other] = members.filter(
    ({ name }) => !name.endsWith('/'),
  );
  if (other || !/\.tar(\.\w+)?$/.test(member.name)) {
    refuse('it should hold one archive and nothing else');
  }
  if (member.bytes > mostBytes || member.packed === 0) {
    refuse('the archive in it is empty, or far too large');
  }

  const start = (await dataOf(file, member)) ?? refuse('it is damaged');
  const through = checked(member, refuse);
  try {
    const raw = createReadStream(zip, { start, end: start + member.packed - 1 });
    const into = createWriteStream(path);
    if (member.method === 8) {
      await pipeline(raw, createInflateRaw(), through, into, { signal });
    } else if (member.method === 0) {
      await pipeline(raw, through, into, { signal });
    } else {
      refuse(`it is packed in a way that is not known here (${member.method})`);
    }
  } catch (error) {
    await rm(path, { force: true });
    signal.throwIfAborted();
    throw error instanceof UserError ? error : refuse(`it is damaged (${(error as Error).message})`);
  }
}

function checked({ bytes, crc }: Member, refuse: (reason: string) => never): Transform {
  let sum = 0;
  let seen = 0;
  const fault = (reason: string): Error => {
    try {
      return refuse(reason);
    } catch (error) {
      return error as Error;
    }
  };
  return new Transform({
    transform(chunk: Buffer, _, done) {
      sum = crc32(chunk, sum);
      seen += chunk.length;
      done(seen > bytes ? fault('there is more in it than it says') : null, chunk);
    },
    flush(done) {
      done(seen === bytes && sum === crc ? null : fault('its archive is damaged'));
    },
  });
}
