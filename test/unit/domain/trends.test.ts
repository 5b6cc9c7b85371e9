import { describe, expect, it } from 'vitest';
import { chronicleOf } from '../../../src/domain/chronicle-of.ts';
import type { DistroId } from '../../../src/domain/distro.ts';
import type { Run } from '../../../src/domain/run.ts';
import { trendsOf } from '../../../src/domain/trends.ts';
import { errored, flaky, nightOn, type Told, uname } from './nights-like.ts';
import { failedTwice, passed, qemuCells } from './run-like.ts';

const trendsIn = (...runs: readonly Run[]) => trendsOf(chronicleOf(runs)).days;
const whole = (release: DistroId, change: Told['cells'] = {}): Told => ({
  cells: qemuCells(release, change),
});
const release = 'debian-13';

describe('trends', () => {
  it('tell of each day how many releases work, and how many cells are green', () => {
    const days = trendsIn(
      nightOn(1, { cells: { ...qemuCells('debian-12'), ...qemuCells(release) } }),
      nightOn(
        3,
        whole(release, {
          'qemu/vmm.qemu.boot': failedTwice,
          'host/host.kvm': flaky,
        }),
      ),
    );

    expect(days).toMatchObject([
      { day: '2026-11-01', releases: { works: 2, broken: 0, untold: 0 }, green: 1, flaky: 0 },
      { day: '2026-11-03', releases: { works: 1, broken: 1, untold: 0 }, green: 8 / 9, flaky: 1 / 9 },
    ]);
    expect(days.map(({ seconds }) => seconds)).toEqual([{ 'debian-12': 9, [release]: 9 }, { [release]: 11 }]);
  });

  it('hold a release to what it showed for a week', () => {
    const other = { cells: { 'debian-12/host/host.cpu': passed } };

    const days = trendsIn(nightOn(1, whole(release)), nightOn(8, other), nightOn(9, other));

    expect(days.map(({ releases }) => releases.works)).toEqual([1, 1, 0]);
    // debian-12 was not there yet on the first day.
    expect(days.map(({ releases }) => releases.untold)).toEqual([0, 1, 2]);
  });

  it('take of a day what stood last, on the best basis', () => {
    const cells = (told: Told['cells'][string]) => ({ cells: { [uname]: told } });
    const again = { id: 'again', on: '2026-11-01' };
    const emulated = { ...cells(failedTwice), speed: 'tcg+svm' };

    expect(trendsIn(nightOn(1, cells(passed)), nightOn(1, emulated, again))[0]?.green).toBe(1);
    expect(trendsIn(nightOn(1, emulated), nightOn(1, cells(passed), again))[0]?.green).toBe(1);
    expect(
      trendsIn(nightOn(1, cells(failedTwice)), nightOn(1, cells(undefined), { id: 'x' }))[0]?.cells,
    ).toMatchObject({
      failed: 1,
      missing: 0,
    });
    expect(
      trendsIn(nightOn(1, cells(failedTwice)), nightOn(1, cells(errored), { id: 'x' }))[0]?.cells,
    ).toMatchObject({ failed: 1, errored: 0 });
  });

  it('have no shares of a day without a verdict, and nothing of containers', () => {
    const docker = nightOn(1, whole(release), { variant: 'docker' });

    expect(trendsIn(docker)).toMatchObject([{ releases: { untold: 0 }, cells: { passed: 0 }, seconds: {} }]);
    expect(trendsIn(docker)[0]).not.toHaveProperty('green');
  });
});
