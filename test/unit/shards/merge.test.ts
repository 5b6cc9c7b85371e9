import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { unexecuted } from '../../../src/domain/exit-code.ts';
import { evidenceOf } from '../../../src/domain/observe.ts';
import { outcomeOf, replay } from '../../../src/domain/run.ts';
import { UserError } from '../../../src/errors.ts';
import { mergeJournals } from '../../../src/journal/merge.ts';
import { kataLike } from '../../support/domain.ts';
import { type Change, cut, redBoot, shard, speedOf, whole } from './shards-like.ts';

/** Of three shards as they were told, a journal by its name; the name is a path. */
function merged(...journals: readonly (readonly Entry[])[]) {
  return mergeJournals(
    journals.map((entries, index) => ({ name: `journals/${index}/journal.jsonl`, entries })),
  );
}

const night = [shard(1), shard(2), shard(3)] as const;

describe('shards that are put together', () => {
  it('are the run that would have been without them, in every verdict', () => {
    const run = replay(merged(...night).entries);
    const alone = replay(whole());

    expect(run.plan).toEqual(alone.plan);
    for (const { id } of alone.plan.batches.flatMap(({ cells }) => cells)) {
      expect(outcomeOf(run, id)).toEqual(outcomeOf(alone, id));
    }
    expect(run.results.size).toBe(alone.results.size);
    expect(run.endedAt).toBeDefined();
    expect(run.command).toEqual(alone.command);
    expect(run.distros).toEqual(alone.distros);
  });

  it('are the same in whatever order, however often, and in however many steps', { timeout: 60_000 }, () => {
    const all = merged(...night).entries;
    const steps = fc.array(fc.array(fc.constantFrom(...night), { minLength: 1, maxLength: 4 }), {
      maxLength: 4,
    });

    fc.assert(
      fc.property(steps, fc.shuffledSubarray([...night], { minLength: 3 }), (groups, rest) => {
        const partial = groups.map((group) => merged(...group).entries);
        expect(merged(...partial, ...rest).entries).toEqual(all);
      }),
    );
    expect(merged(all, all).entries).toEqual(all);
  });

  it('tell of a shard that never came back, and its cells are missing', () => {
    const { entries, remarks } = merged(shard(1), shard(3));
    const run = replay(entries);

    expect(remarks).toEqual(['shard 2 of 3 never came back']);
    expect(run.endedAt).toBeUndefined();
    expect(run.plan.batches.map(({ distro }) => distro)).toEqual(['debian-11', 'debian-12', 'debian-13']);
    expect(outcomeOf(run, 'debian-12/host/host.boot')).toBeUndefined();
    expect(outcomeOf(run, 'debian-13/host/host.boot')).toEqual({ status: 'passed' });
  });

  it('tell of one that was cut off, and of one that a signal ended, and keep what they came to', () => {
    const { entries, remarks } = merged(shard(1), cut(shard(2)), shard(3, { interrupted: 'SIGTERM' }));
    const run = replay(entries);

    expect(remarks).toEqual(['shard 2 of 3 was cut off', 'shard 3 of 3 was interrupted by SIGTERM']);
    expect(outcomeOf(run, 'debian-12/host/host.boot')).toEqual({ status: 'passed' });
    expect(outcomeOf(run, 'debian-12/host/host.kvm')).toBeUndefined();
  });

  it('take the more complete run of a shard that was run twice, else the newer, and say so', () => {
    const older = shard(2, { run: 'older', outcome: redBoot });
    const newer = shard(2, { run: 'newer', at: '2026-11-22T03:00:00.000Z' });

    expect(outcomeOf(replay(merged(older, newer).entries), 'debian-12/host/host.boot')?.status).toBe(
      'passed',
    );
    expect(outcomeOf(replay(merged(older, cut(newer)).entries), 'debian-12/host/host.boot')?.status).toBe(
      'failed',
    );
    expect(
      outcomeOf(replay(merged(cut(older), newer.slice(0, 2)).entries), 'debian-12/host/host.boot')?.status,
    ).toBe('failed');
    expect(merged(older, newer).remarks).toContain('shard 2 was run more than once: older does not count');
  });

  it.each<[string, Change, RegExp]>([
    ['another plan', { split: 'ffffffffffff' }, /another plan, or split in another way \(ffffffffffff/],
    ['another number', { of: 4 }, /one is of 4 shards, the other of 3/],
    ['another Kata', { katas: [kataLike({ digest: 'e2'.repeat(32) })] }, /not the same Kata/],
    ['another version of a scenario', { inputs: { 'host.boot': 'changed' } }, /not the same host\.boot/],
    ['another command', { command: ['debian-13', '--accel', 'tcg'] }, /not begun by the same command/],
    ['another night', { at: '2026-11-23T02:01:00.000Z' }, /they began at .* so they are of two nights/],
  ])('are refused where one is of %s', (_what, change, complaint) => {
    expect(() => merged(shard(1), shard(2, change))).toThrow(complaint);
    expect(() => merged(shard(2, change), shard(1))).toThrow(UserError);
  });

  it('are no runs of their own: such a one is refused, with what takes it', () => {
    expect(() => merged(whole())).toThrow(
      /it is a run of its own, no shard; report, publish and diff take it/,
    );
  });

  it('make every cell of a release that was split worth as much as the worst of its hosts', () => {
    const run = replay(
      merged(
        speedOf(shard(1, { halves: true }), 'kvm-nested'),
        speedOf(shard(2, { halves: true }), 'tcg+svm'),
      ).entries,
    );

    expect(run.batchFacts.get('debian-11/qemu:built')?.['speed']).toBe('tcg+svm');
  });

  it('keep which host each cell was on, where they are not all alike', () => {
    const run = replay(merged(shard(1), shard(2, { host: { cpu: 'AMD EPYC 9V74', qemu: '8.2' } })).entries);
    const hosts = evidenceOf(run).observations.map(({ cell, host }) => [cell.distro, host?.[0]]);

    expect(run.host['cpu']).toBe('AMD EPYC 7763 | AMD EPYC 9V74');
    expect(Object.fromEntries(hosts)).toEqual({
      'debian-11': 'AMD EPYC 7763',
      'debian-12': 'AMD EPYC 9V74',
      'debian-13': undefined,
    });
    expect(evidenceOf(replay(merged(...night).entries)).observations.some(({ host }) => host)).toBe(false);
  });

  it('keep the order of each journal, whatever its host made of the time', () => {
    const back = shard(2).map((entry, index) =>
      index > 3 ? { ...entry, at: '2026-11-22T01:59:00.000Z' } : entry,
    );
    const { entries } = merged(shard(1), back, shard(3));
    const own = entries.filter((entry) => entry.shard === 2).map(({ type }) => type);

    expect(own).toEqual(
      shard(2)
        .slice(1, -1)
        .map(({ type }) => type),
    );
    expect(merged(entries).entries).toEqual(entries);
  });

  it('are never published where one of them was changed by hand', () => {
    const run = replay(merged(shard(1), shard(2, { modified: ['--prepare fix.sh'] })).entries);

    expect(run.modified).toEqual(['--prepare fix.sh']);
  });

  it('are each asked only for what they have a part in', () => {
    const asked = { scenario: ['host.kvm'] };
    const has = replay(cut(shard(2, { halves: true })).slice(0, 1));
    const hasNot = replay(shard(1, { halves: true }));

    expect(unexecuted(has, asked)).toEqual(['--scenario host.kvm']);
    expect(unexecuted(hasNot, asked)).toEqual([]);
    expect(unexecuted({ ...hasNot, plan: replay(whole()).plan }, asked)).toEqual(['--scenario host.kvm']);
  });
});
