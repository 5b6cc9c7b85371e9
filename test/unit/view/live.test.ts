import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { live } from '../../../src/commands/view/live.ts';
import type { Screen } from '../../../src/commands/view/screen.ts';
import { waiting } from '../../../src/report/live-state.ts';
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

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a run on a terminal', () => {
  it('is drawn ten times a second at most, however much happens', () => {
    const { watcher, writes } = watch();
    watcher.began(batchOf('debian-13'), 'image');
    for (let count = 0; count < 1000; count++) {
      watcher.said(`line ${count}`, batchOf('debian-13'));
      vi.advanceTimersByTime(1);
    }

    expect(writes.length).toBeGreaterThanOrEqual(9);
    expect(writes.length).toBeLessThanOrEqual(11);
  });

  it('is drawn each second for its clock, and not at all where nothing is different', () => {
    const { watcher, writes } = watch();
    watcher.began(batchOf('debian-13'), 'boot');
    vi.advanceTimersByTime(150);
    const before = writes.length;
    vi.advanceTimersByTime(800);

    expect(writes).toHaveLength(before);
    vi.advanceTimersByTime(10_000);
    expect(writes.length - before).toBeGreaterThanOrEqual(9);
    expect(writes.length - before).toBeLessThanOrEqual(11);
  });

  it('puts a red above its rows for good, and what all cells fall for once', () => {
    const { watcher, text } = watch();
    watcher.noted(ended('debian-13', 0, failed));
    watcher.noted(ended('debian-13', 1, errored));
    watcher.noted(ended('debian-13', 2, errored));
    vi.advanceTimersByTime(200);

    expect(text()).toContain('debian-13/host/host.cpu: failed: read /proc/cpuinfo: no svm\n');
    expect(text()).toContain('debian-13/host/host.kvm: errored in clone: no answer within 12 s\n');
    expect(text()).not.toContain('control.runc: errored');
  });

  it('says a release’s end above its rows', () => {
    const { watcher, text } = watch();
    for (const note of allPassed('debian-13')) {
      watcher.noted(note);
    }
    vi.advanceTimersByTime(200);

    expect(text()).toContain('debian-13: 5 passed in 0 s\n');
  });

  it('shows the last output of each running cell on the key o, and hides it again', () => {
    const { watcher, screen, writes } = watch();
    const last = () => writes.at(-1);
    watcher.noted(begun('debian-13', 0));
    watcher.heard(cellIn('debian-13', 0), 'one\ntwo \u001b[2Jthr');
    watcher.heard(cellIn('debian-13', 0), 'ee');
    vi.advanceTimersByTime(200);
    expect(last()).not.toContain('two');

    screen.onKey('o');
    vi.advanceTimersByTime(200);
    expect(last()).toContain('host.cpu | two three');

    screen.onKey('o');
    vi.advanceTimersByTime(200);
    expect(last()).not.toContain('two');
  });

  it('waits for a terminal that is slow, and then draws how it is by then', () => {
    const { watcher, screen, writes, text } = watch();
    screen.busy = true;
    watcher.noted(ended('debian-13', 0, passed));
    vi.advanceTimersByTime(5000);
    expect(writes).toEqual([]);

    screen.busy = false;
    watcher.noted(ended('debian-13', 1, passed));
    vi.advanceTimersByTime(300);
    expect(text()).toContain('2 of 5 cells');
    expect(text()).not.toContain('1 of 5 cells');
  });

  it('leaves a terminal alone that is somebody else’s for now, and loses nothing', () => {
    const { watcher, screen, writes, text } = watch();
    screen.isFront = false;
    watcher.noted(ended('debian-13', 0, failed));
    vi.advanceTimersByTime(5000);
    expect(writes).toEqual([]);

    screen.isFront = true;
    vi.advanceTimersByTime(1500);
    expect(text()).toContain('host.cpu: failed');
  });

  it('takes its rows away at the end, and draws no more', async () => {
    const { watcher, screen, writes } = watch();
    watcher.noted(ended('debian-13', 0, failed));
    vi.advanceTimersByTime(200);
    watcher.said('the last word');
    await watcher[Symbol.asyncDispose]();
    const after = writes.length;
    vi.advanceTimersByTime(5000);

    expect(writes).toHaveLength(after);
    expect(writes.at(-1)).toBe('the last word\n');
    expect(screen.isLetGo).toBe(true);
  });
});

type FakeScreen = { -readonly [K in keyof Screen]: Screen[K] } & { isFront: boolean; isLetGo: boolean };

function watch() {
  const writes: string[] = [];
  const screen: FakeScreen = {
    columns: 80,
    rows: 24,
    color: false,
    hasKeys: true,
    busy: false,
    isFront: true,
    isLetGo: false,
    write(text) {
      if (text !== '') {
        writes.push(text);
      }
    },
    attend: () => screen.isFront,
    onKey() {},
    onResize() {},
    onContinue() {},
    async [Symbol.asyncDispose]() {
      screen.isLetGo = true;
    },
  };
  const { signal } = new AbortController();
  const start = waiting('r', planOf('debian-13'), performance.now());
  const watcher = live(screen, start, { verbose: false, signal });
  return { watcher, screen, writes, text: () => writes.join('') };
}
