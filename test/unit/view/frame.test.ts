import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { afterBegin, afterLine, afterNote } from '../../../src/report/live-change.ts';
import { frameOf } from '../../../src/report/live-frame.ts';
import { type LiveState, waiting } from '../../../src/report/live-state.ts';
import type { View } from '../../../src/report/live-view.ts';
import { columnsOf } from '../../../src/report/width.ts';
import {
  allPassed,
  batchOf,
  begun,
  cellIn,
  ended,
  errored,
  failed,
  passed,
  planOf,
} from '../../support/live-story.ts';

const golden = join(import.meta.dirname, '../../golden');
const hostile = 'a\u001b]0;title\u0007b \u001b[2Jc\rd\u202e日本語 \u009b31m👩‍👩‍👧 e\u0301';

const story = storyOf();
const view: View = {
  at: 95_000,
  columns: 80,
  rows: 20,
  color: false,
  heard: () => undefined,
  keys: 'o show last output',
};
const expected = { cellMs: () => 30_000, phaseMs: () => 20_000 };

describe('the picture of a run', () => {
  it.each([20, 40, 80, 200])('on %d columns', async (columns) => {
    const heard = (subject: string) => (subject === cellIn('debian-12', 3) ? hostile : undefined);
    const lines = frameOf(story, { ...view, columns, expected, heard });

    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(join(golden, `live-${columns}.txt`));
  });

  it.each([1, 5, 8, 19, 39, 40, 41, 59, 60, 79, 120])('is never wider than %d columns', (columns) => {
    const lines = frameOf(story, { ...view, columns, expected, heard: () => hostile });

    expect(lines.filter((line) => columnsOf(line) > columns)).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 30])('is never higher than %d rows', (rows) => {
    const many = Array.from({ length: 12 }, (_, index) => `debian-${index}`);
    const running = many.reduce(
      (state, release) => afterNote(state, begun(release, 0), 0),
      waiting('r', planOf(...many), 0),
    );

    expect(frameOf(running, { ...view, rows, heard: () => 'said' }).length).toBeLessThanOrEqual(rows);
  });

  it('shows what is at work first where not all has room, and how many more there are', () => {
    const many = Array.from({ length: 12 }, (_, index) => `debian-${index}`);
    const state = afterNote(waiting('r', planOf(...many), 0), begun('debian-11', 0), 0);
    const lines = frameOf(state, { ...view, rows: 6, keys: '' });

    expect(lines[1]).toContain('debian-11  cells');
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe('  and 8 more');
  });

  it('leaves out output before it leaves out rows', () => {
    const state = afterNote(waiting('r', planOf('debian-12', 'debian-13'), 0), begun('debian-12', 0), 0);
    const lines = frameOf(state, { ...view, rows: 3, keys: '', heard: () => 'said' });

    expect(lines.join('\n')).not.toContain('said');
    expect(lines.join('\n')).toContain('debian-13');
  });

  it('lets nothing of a guest reach the terminal but text', () => {
    const said = afterLine(story, batchOf('debian-13'), hostile, 1);
    const text = frameOf(said, { ...view, heard: () => hostile }).join('');

    expect(text).toContain('日本語');
    expect(text).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it('says the same in colour', () => {
    const plain = frameOf(story, { ...view, expected });
    const coloured = frameOf(story, { ...view, expected, color: true });

    expect(coloured.map((line) => stripVTControlCharacters(line))).toEqual(plain);
    expect(coloured.join('')).toContain('\u001b[31m1 failed\u001b[0m');
  });

  it('says how long it has been at it, and nothing of what is left, without a history', () => {
    const text = frameOf(story, view).join('\n');

    expect(text).toContain('  1:35');
    expect(text).not.toContain('left');
  });

  it('says that it is ending', () => {
    const [head] = frameOf(story, { ...view, expected, ending: 'SIGINT' });

    expect(head).toContain('SIGINT: ending in order');
    expect(head).not.toContain('left');
  });
});

/** One release done, one at work with trouble, one that builds its image, two that wait. */
function storyOf(): LiveState {
  const plan = planOf('debian-11', 'debian-12', 'debian-13', 'debian-forky', 'debian-sid');
  const notes = [
    ...allPassed('debian-11').slice(1),
    ended('debian-11', 0, errored),
    ended('debian-12', 0, failed),
    ended('debian-12', 1, passed),
    begun('debian-12', 3),
    begun('debian-12', 4, 2),
  ];
  const told = notes.reduce(
    (state, note, index) => afterNote(state, note, index * 5000),
    waiting('20261122-0130-ab12', plan, 0),
  );
  const building = afterBegin(told, batchOf('debian-13'), 'image', 50_000);
  return afterLine(building, batchOf('debian-13'), 'debian-13: making the disk', 60_000);
}
