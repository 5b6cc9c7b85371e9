import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cellOf } from '../../../src/domain/cell.ts';
import type { Note } from '../../../src/domain/entry.ts';
import { historyOf } from '../../../src/domain/history.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { BootRequest, Machine } from '../../../src/machine/machine.ts';
import { type AttemptRequest, attempt } from '../../../src/run/attempt.ts';
import type { Farm } from '../../../src/run/farm.ts';
import type { Scenario } from '../../../src/scenario.ts';
import { distroLike, scenarioLike } from '../../support/domain.ts';

const batch = 'debian-13/qemu:built';
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attempt-'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

interface Tried {
  readonly outcome: Promise<Outcome>;
  readonly notes: readonly Note[];
  readonly farm: Farm;
}

/** One attempt at a scenario that does no more than `run` does. */
function tried(
  run: Scenario['run'],
  start: AttemptRequest['start'],
  id: 'host.cpu' | 'control.runc' = 'host.cpu',
): Tried {
  const notes: Note[] = [];
  const farm = {
    history: historyOf([]),
    ...{ run: 'r', folder, past: new Map(), known: new Map(), controlMs: new Map() },
    distros: new Map([['debian-13', distroLike()]]),
    scenarios: new Map([[id, { ...scenarioLike(id), run }]]),
    record: async (note: Note) => void notes.push(note),
    watcher: { noted() {}, began() {}, said() {}, heard() {} },
    signal: new AbortController().signal,
  } as unknown as Farm;
  const outcome = attempt(farm, {
    ...{ cell: cellOf('debian-13', 'host', id), batch, number: 1, memoryMiB: 64, cold: false, start },
    speed: { class: 'tcg+svm', accelerator: 'tcg', factor: 1, because: 'a fake' },
  });
  return { outcome, notes, farm };
}

const machineLike = (change: Partial<Machine> = {}) =>
  ({
    name: 'm',
    answers: async () => true,
    judge: async () => ({ fatal: [], farm: [] }),
    [Symbol.asyncDispose]: async () => {},
    ...change,
  }) as Machine;

/** Lets an hour pass once something has begun: until then files take turns of their own. */
async function anHourAfter(beginning: Promise<void>): Promise<void> {
  await beginning;
  await turn();
  await vi.advanceTimersByTimeAsync(3_600_000);
}

const passes: Scenario['run'] = async () => {};
const fails: Scenario['run'] = async () => {
  throw new Error('no svm');
};

describe('an attempt', () => {
  it.each([
    ['a green', passes, ['clone', 'execute', 'teardown']],
    ['a red, which is looked at', fails, ['clone', 'execute', 'diagnose', 'teardown']],
  ] as const)('records how long each of its phases took: %s', async (_, run, phases) => {
    const { outcome, notes } = tried(run, async () => machineLike());
    await outcome;

    const ended = notes.flatMap((note) => (note.type === 'phase-ended' ? [note] : []));
    expect(ended.map(({ phase }) => phase)).toEqual(phases);
    expect(ended[0]).toEqual({
      type: 'phase-ended',
      batch,
      cell: 'debian-13/host/host.cpu',
      phase: 'clone',
      ms: expect.any(Number),
    });
  });

  it('records how long it took to keep its machine, where that was asked for', async () => {
    const { outcome, notes, farm } = tried(passes, async () => machineLike({ keep: async () => 'kept-1' }));
    Object.assign(farm, { keep: 'always' });
    await outcome;

    const phases = notes.flatMap((note) => (note.type === 'phase-ended' ? [note.phase] : []));
    expect(phases).toEqual(['clone', 'execute', 'keep', 'teardown']);
  });

  it('ends the keeping of a machine at its limit, whose verdict stands', async () => {
    const begun = Promise.withResolvers<void>();
    const reasons: unknown[] = [];
    const keep: Machine['keep'] = (_of, signal) => {
      begun.resolve();
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          reasons.push(signal.reason);
          reject(signal.reason);
        });
      });
    };
    const { outcome, farm } = tried(passes, async () => machineLike({ keep }));
    Object.assign(farm, { keep: 'always' });

    await anHourAfter(begun.promise);

    expect(await outcome).toEqual({ status: 'passed' });
    expect(reasons.map(String)).toEqual([expect.stringContaining('for m to be kept')]);
  });

  it('errs at the clone where none comes within its limit, and asks it to end by its signal', async () => {
    const reasons: unknown[] = [];
    const begun = Promise.withResolvers<void>();
    const start = ({ signal }: BootRequest) =>
      new Promise<Machine>((_resolve, reject) => {
        begun.resolve();
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason);
          reject(signal.reason);
        });
      });
    const { outcome } = tried(passes, start);

    await anHourAfter(begun.promise);

    expect(await outcome).toEqual({
      status: 'errored',
      phase: 'clone',
      message: 'cannot wait any longer than 125 s for a clone for debian-13/host/host.cpu',
    });
    expect(reasons).toHaveLength(1);
  });

  it('gives up on a clone that takes no notice, and lets go of it should it come after all', async () => {
    let isLetGo = false;
    const begun = Promise.withResolvers<void>();
    const late = Promise.withResolvers<Machine>();
    const { outcome } = tried(passes, () => {
      begun.resolve();
      return late.promise;
    });
    const letGo = async () => {
      isLetGo = true;
    };

    await anHourAfter(begun.promise);
    const ended = await outcome;
    late.resolve(machineLike({ [Symbol.asyncDispose]: letGo }));
    await turn();

    expect(ended).toMatchObject({ status: 'errored', phase: 'clone' });
    expect(isLetGo).toBe(true);
  });

  it.each([
    ['a green is no green', passes, { status: 'errored', phase: 'teardown' }],
    ['a red stays what it is', fails, { status: 'failed', message: 'no svm' }],
  ] as const)('does not wait for ever for its machine to end: %s', async (_, run, expected) => {
    const begun = Promise.withResolvers<void>();
    const endless = () => {
      begun.resolve();
      return new Promise<never>(() => {});
    };
    const { outcome } = tried(run, async () => machineLike({ [Symbol.asyncDispose]: endless }));

    await anHourAfter(begun.promise);

    expect(await outcome).toMatchObject(expected);
  });

  it('keeps a clone whose limit is over: the limit was for getting it', async () => {
    let aborted: boolean | undefined;
    const start = async ({ signal }: BootRequest) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return machineLike();
    };
    const { outcome } = tried(passes, start);

    await outcome;
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(aborted).toBeUndefined();
  });

  it('remembers what the control took, where it passed', async () => {
    const green = tried(passes, async () => machineLike(), 'control.runc');
    const red = tried(fails, async () => machineLike(), 'control.runc');
    await Promise.allSettled([green.outcome, red.outcome]);

    expect([...green.farm.controlMs.keys()]).toEqual([batch]);
    expect([...red.farm.controlMs.keys()]).toEqual([]);
  });
});
