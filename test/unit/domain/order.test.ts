import { describe, expect, it } from 'vitest';
import type { CellId } from '../../../src/domain/cell.ts';
import type { DistroId } from '../../../src/domain/distro.ts';
import type { History, LastVerdict } from '../../../src/domain/history.ts';
import { canaryOf, orderBatches } from '../../../src/domain/order.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import { batchLike, nothing } from './batch-like.ts';

describe('the order of releases', () => {
  const releases = ['debian-11', 'debian-12', 'debian-13', 'fedora-42'] as const;
  const batches = releases.map((distro) => batchLike(distro, { 'host.kvm': [], 'host.cpu': [] }));
  const green = (day: number): LastVerdict => ({
    status: 'passed',
    flaky: false,
    at: `2026-11-${day}T22:00:00.000Z`,
    digest: 'sha256:same',
  });
  /** All green on these days, but for a change in one release's last cell. */
  const historyLike = (
    days: readonly number[],
    change: Partial<Record<DistroId, Partial<LastVerdict>>> = {},
  ) => ({
    ...nothing,
    verdicts: new Map(
      batches.map(({ id, distro, cells }, index) => [
        id,
        new Map<CellId, LastVerdict>(
          cells.map(({ id: cell }, number) => [
            cell,
            { ...green(days[index] ?? 10), ...(number > 0 && change[distro]) },
          ]),
        ),
      ]),
    ),
  });
  const orderOf = (history: History, digestOf?: Parameters<typeof orderBatches>[2]) =>
    orderBatches(batches, history, digestOf).map(({ distro }) => distro);

  it('is the plan’s where nothing is known', () => {
    expect(orderOf(nothing)).toEqual(releases);
  });

  it('begins with the stalest where all were green', () => {
    expect(orderOf(historyLike([13, 11, 12, 11]))).toEqual([
      'debian-12',
      'fedora-42',
      'debian-13',
      'debian-11',
    ]);
  });

  it.each([
    ['a red one', { status: 'failed' }],
    ['a blocked one', { status: 'blocked' }],
    ['one of the farm’s own trouble', { status: 'errored' }],
    ['a flaky one', { flaky: true }],
  ] as const)('puts %s before the stalest', (_, change) => {
    expect(orderOf(historyLike([11, 12, 13, 14], { 'fedora-42': change }))[0]).toBe('fedora-42');
  });

  it('puts what never ran before the stalest', () => {
    const history = historyLike([11, 12, 13, 14]);
    const verdicts = new Map([...history.verdicts].filter(([id]) => !id.startsWith('debian-13')));

    expect(orderOf({ ...history, verdicts })).toEqual(['debian-13', 'debian-11', 'debian-12', 'fedora-42']);
  });

  it('puts what has changed since it was green before the stalest', () => {
    const digestOf = (batch: string) => (batch.startsWith('debian-12') ? 'sha256:other' : 'sha256:same');

    expect(orderOf(historyLike([11, 14, 13, 12]), digestOf)).toEqual([
      'debian-12',
      'debian-11',
      'fedora-42',
      'debian-13',
    ]);
  });
});

describe('the canary', () => {
  const canary = (cells: Readonly<Record<string, readonly ScenarioId[]>>) =>
    canaryOf(batchLike('debian-13', cells))?.scenario;

  it('is the clone that most others rest on, by however many steps', () => {
    expect(
      canary({
        'host.cpu': [],
        'host.kvm': [],
        'vmm.qemu.boot': ['host.kvm'],
        'kata.uname': ['vmm.qemu.boot'],
        'kata.exec': ['vmm.qemu.boot'],
      }),
    ).toBe('host.kvm');
  });

  it('is the first in plan order where none rests on another', () => {
    expect(canary({ 'cold host.boot': [], 'host.cpu': [], 'host.kvm': [], 'host.net': [] })).toBe('host.cpu');
  });

  it('does not wait for a cold boot', () => {
    expect(
      canary({
        'cold host.boot': [],
        'host.kvm': ['host.boot'],
        'host.cpu': [],
        'vmm.qemu.boot': ['host.kvm'],
        'vmm.clh.boot': ['host.kvm'],
      }),
    ).toBe('host.cpu');
  });

  it('is not worth it for two clones', () => {
    expect(canary({ 'cold host.boot': [], 'host.cpu': [], 'host.kvm': [] })).toBeUndefined();
  });

  it('is found even where controls rest on each other in a circle', () => {
    expect(canary({ 'host.cpu': ['host.kvm'], 'host.kvm': ['host.cpu'], 'host.net': [] })).toBeDefined();
  });
});
