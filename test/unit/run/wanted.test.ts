import { expect, it } from 'vitest';
import { cellOf } from '../../../src/domain/cell.ts';
import type { PlannedCell } from '../../../src/domain/plan.ts';
import type { KataInstaller } from '../../../src/install/install-kata.ts';
import { wantedOf } from '../../../src/run/begin.ts';
import { diagnostics } from '../../../src/run/diagnostics.ts';

const planned = (scenario: PlannedCell['scenario'], kata?: string): PlannedCell => ({
  ...cellOf('debian-13', 'qemu', scenario, kata),
  ...{ machine: 'clone', restsOn: [] },
});
const katas = new Map(['', 'old'].map((label) => [label, {} as KataInstaller]));
const idsOf = (cells: readonly PlannedCell[]) => cells.map(({ id }) => id);

it('wants machines for what is to be run, and for what is only to be looked into', () => {
  const batch = { cells: [planned('vmm.later')], undiagnosed: [planned('vmm.virtiofsd.start')] };

  expect(idsOf(wantedOf({ diagnostics, katas }, batch))).toEqual([
    'debian-13/qemu/vmm.virtiofsd.start',
    'debian-13/qemu/vmm.later',
  ]);
});

it("wants them with each Kata of the run where the failure is Kata's, as another one is swapped in", () => {
  const batch = { cells: [], undiagnosed: [planned('kata.uname', 'old')] };

  const wanted = wantedOf({ diagnostics, katas }, batch);

  expect(idsOf(wanted)).toEqual(['debian-13/qemu~old/kata.uname', 'debian-13/qemu/kata.uname']);
  expect(wanted.map(({ kata }) => kata)).toEqual(['old', undefined]);
});

it('wants none for failures that nobody will look into', () => {
  const batch = { cells: [planned('vmm.later')], undiagnosed: [planned('kata.uname')] };

  expect(wantedOf({ katas }, batch)).toEqual(batch.cells);
});
