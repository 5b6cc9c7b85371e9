import { describe, expect, it } from 'vitest';
import { type Cell, cellOf } from '../../../src/domain/cell.ts';
import { inOrderOfHarm } from '../../../src/domain/harm.ts';
import type { PlannedCell } from '../../../src/domain/plan.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';

function cell(
  scenario: ScenarioId,
  { restsOn = [], machine = 'clone' }: Partial<Pick<PlannedCell, 'restsOn' | 'machine'>> = {},
): PlannedCell {
  return { ...cellOf('debian-13', 'qemu', scenario), restsOn, machine };
}

const scenariosOf = (cells: readonly Cell[]) => cells.map(({ scenario }) => scenario);

describe('cells that have one machine between them', () => {
  it('run from the least harm to the most, and boot it again last of all', () => {
    const cells = [
      cell('host.boot', { machine: 'cold' }),
      ...[cell('kata.upgrade'), cell('kata.kill-vmm'), cell('mapping.selinux'), cell('kata.uname')],
      ...[cell('vmm.qemu.boot'), cell('control.runc'), cell('host.cpu')],
    ];

    expect(scenariosOf(inOrderOfHarm(cells))).toEqual([
      ...['host.cpu', 'control.runc', 'vmm.qemu.boot', 'kata.uname'],
      ...['mapping.selinux', 'kata.kill-vmm', 'kata.upgrade', 'host.boot'],
    ]);
  });

  it('never run before what they rest on, however harmful that is', () => {
    const upgrade = cell('kata.upgrade');
    const uname = cell('kata.uname', { restsOn: [upgrade.id] });

    expect(scenariosOf(inOrderOfHarm([uname, upgrade]))).toEqual(['kata.upgrade', 'kata.uname']);
  });

  it('stay as the plan has them where they are alike', () => {
    const cells = [cell('host.lsm'), cell('host.cpu'), cell('host.kvm')];

    expect(inOrderOfHarm(cells)).toEqual(cells);
  });

  it('are all there even where two rest on each other', () => {
    const one = cell('vmm.qemu.boot', { restsOn: [cell('vmm.qemu.qmp').id] });
    const other = cell('vmm.qemu.qmp', { restsOn: [one.id] });

    expect(inOrderOfHarm([one, other])).toHaveLength(2);
  });
});
