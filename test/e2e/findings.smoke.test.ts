import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bank } from '../faults/bank.ts';
import { wordsOf } from '../faults/judgement.ts';
import { tryFault } from '../faults/try-fault.ts';

/** Of the bank (`npm run faults`), those in which the first that comes to mind has no part. */
const telling = ['virtiofsd-ends-when-ready', 'shm-too-small', 'dependency-uninstallable'];

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

it.each(bank.filter(({ id }) => telling.includes(id)))('$title is blamed on whose it is', async (fault) => {
  const folder = await mkdtemp(join(tmpdir(), 'findings-'));
  folders.push(folder);

  const { named, verdict } = await tryFault(fault, folder);

  expect({ named, verdict }).toEqual({
    named: fault.expect === 'unknown' ? 'unknown' : wordsOf(fault.expect),
    verdict: 'right',
  });
});

it('has each of them in the bank', () => {
  expect(bank.filter(({ id }) => telling.includes(id))).toHaveLength(telling.length);
});
