import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Transcript } from '../../../src/run/transcript.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'transcript-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const printed = (text: string) =>
  ({ kind: 'stdout', data: Buffer.from(text), verbose: true, id: '1' }) as const;

it('knows the last line that a command printed, whole or not, until it is told to forget', async () => {
  await using transcript = new Transcript(join(folder, 'last'));
  const lasts = [transcript.last];

  transcript.log(printed('one\ntwo\n\n'));
  lasts.push(transcript.last);
  transcript.log(printed('thr'));
  lasts.push(transcript.last);
  transcript.log(printed('ee\u001b[31m\n'));
  transcript.say('a line of the farm');
  lasts.push(transcript.last);
  transcript.forget();
  lasts.push(transcript.last);

  expect(lasts).toEqual([undefined, 'two', 'thr', 'three', undefined]);
});

it('holds so much of what is printed and no more, says so once, and goes on with what the farm says', async () => {
  const path = join(folder, 'flood');
  let overheard = 0;
  {
    await using transcript = new Transcript(path, (text) => {
      overheard += text.length;
    });
    const megabyte = `${'x'.repeat(2 ** 20 - 1)}\n`;
    for (let count = 0; count < 50; count += 1) {
      transcript.log(printed(megabyte));
    }
    transcript.say('the end');
  }

  const text = await readFile(path, 'utf8');
  expect(text.length).toBe(overheard);
  expect(text.length).toBeLessThan(17 * 2 ** 20);
  expect(text.slice(16 * 2 ** 20)).toMatch(
    /^\[.*\] what .* is left out: it came to 16 MiB\n\[.*\] the end\n$/,
  );
});

it('takes no more once it is over, and that is no fault of it', async () => {
  const path = join(folder, 'late');
  const transcript = new Transcript(path);
  transcript.log(printed('in time\n'));

  const closed = transcript[Symbol.asyncDispose]();
  transcript.log(printed('late\n'));
  await closed;

  expect(await readFile(path, 'utf8')).toBe('in time\n');
});

it('rejects at its end where it could not be written', async () => {
  const transcript = new Transcript(join(folder, 'no/such/folder'));

  await expect(transcript[Symbol.asyncDispose]()).rejects.toThrow('cannot write a transcript: ENOENT');
});
