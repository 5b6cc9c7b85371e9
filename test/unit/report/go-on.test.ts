import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { replay } from '../../../src/domain/run.ts';
import { parseJournal } from '../../../src/journal/parse.ts';
import { consoleSummary, resumeOf } from '../../../src/report/console.ts';

const journal = join(import.meta.dirname, '../../golden/four-releases.jsonl');
const entries = parseJournal(await readFile(journal, 'utf8'));
const failed = entries.find((entry) => entry.type === 'cell-ended' && entry.outcome.status === 'failed');
const cell = failed?.type === 'cell-ended' ? failed.cell : 'debian-0/host/host.boot';
const shown = (more: readonly Entry[], folder: string) =>
  consoleSummary(replay([...entries, ...more]), { color: false, columns: 0, folder });

it('says how to go into a machine that was kept of a red cell, and only there', () => {
  const kept: Entry = { at: failed?.at ?? '', type: 'fact', subject: cell, key: 'kept', value: 'kept-1' };

  expect(shown([kept], 'my runs/r1')).toContain(
    `go in     ./katafarm shell --run 'my runs/r1' --cell ${cell}\n`,
  );
  expect(shown([], 'my runs/r1')).not.toContain('katafarm shell');
});

it('says how to go on with what has no verdict, in words that can be typed', () => {
  expect(shown([], 'my runs/r1/')).toContain("./katafarm run --resume 'my runs/r1'");
  expect(shown([], '')).toContain('./katafarm run --resume .');
});

it('offers to go on with failures that a run was ended before it looked into, and only then', () => {
  const planned = replay(entries).plan.batches.flatMap(({ cells }) => cells);
  const red = { status: 'failed', message: 'no token' } as const;
  const all = planned.map(({ id }): Entry => ({ at: '', type: 'cell-ended', cell: id, outcome: red, ms: 1 }));
  const whole = [...entries.filter(({ type }) => type !== 'run-ended'), ...all];
  const finding = { component: 'unknown', because: [], evidence: [], versions: {} } as const;
  const found = planned.map(({ id }): Entry => ({ at: '', type: 'finding-made', cell: id, finding }));
  const cut: Entry = { at: '', type: 'run-ended', interrupted: 'SIGINT' };

  const words = 'go on with what was not looked into: ./katafarm run --resume r1';
  expect(resumeOf(replay([...whole, cut]), 'r1')).toBe(words);
  expect(resumeOf(replay(whole), 'r1')).toBe(words);
  expect(resumeOf(replay([...whole, ...found, cut]), 'r1')).toBeUndefined();
  expect(resumeOf(replay([...whole, { at: '', type: 'run-ended' }]), 'r1')).toBeUndefined();
});

it('does not offer to go on where that is refused, or where nothing is left', () => {
  const [head, ...rest] = entries;
  const changed = head?.type === 'run-started' ? { ...head, command: ['--prepare', 'x.sh'] } : head;
  const settled = entries.filter(
    (entry) => entry.type !== 'cell-ended' || entry.outcome.status !== 'errored',
  );
  const planned = replay(entries).plan.batches.flatMap(({ cells }) => cells);
  const all = planned.map(
    ({ id }): Entry => ({ at: '', type: 'cell-ended', cell: id, outcome: { status: 'passed' }, ms: 1 }),
  );

  expect(resumeOf(replay([changed as Entry, ...rest]), 'r1')).toBeUndefined();
  expect(resumeOf(replay([...settled, ...all]), 'r1')).toBeUndefined();
});
