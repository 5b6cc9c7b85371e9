import { groupOf, type ScenarioId } from '../domain/scenario.ts';
import type { Case, Sibling } from './case.ts';
import { type Age, ageOf, vmmOf } from './kata-parts.ts';
import { known } from './known.ts';
import { ownVersion, versionOf } from './provenance.ts';

/** The cell on a VMM alone that has the verdict on Kata's command line. */
function commandLineAlone(one: Case): Sibling | undefined {
  const name = { qemu: 'qemu', 'cloud-hypervisor': 'clh', virtiofsd: 'qemu', firecracker: 'firecracker' };
  const id: ScenarioId = `vmm.${name[vmmOf(one.cell.stack).part]}.kata-cmdline`;
  return one.siblings.find(({ cell }) => cell.scenario === id);
}

/** The same where it failed by the VMM's own doing. */
export function refusedAlone(one: Case): Sibling | undefined {
  const found = commandLineAlone(one);
  if (found?.outcome.status !== 'failed') {
    return undefined;
  }
  const { row } = known({ cell: found.cell, outcome: found.outcome, lines: [] });
  return row?.blame.startsWith('vmm-') ? found : undefined;
}

/** Whether the VMM was seen to take Kata's command line without Kata. */
export function takesAlone(one: Case): boolean {
  return commandLineAlone(one)?.outcome.status === 'passed';
}

/** Guests in guests came up on this host, by the very accelerator and CPU model of these machines. */
export function isNestingProven({ speed }: Case): boolean {
  return speed === 'kvm-nested' || speed === 'tcg+svm';
}

/** How the distro's VMM or virtiofsd stands to the one that Kata ships. */
export function ageHere(one: Case, what: 'vmm' | 'virtiofsd'): Age | undefined {
  const { part, distros } = vmmOf(one.cell.stack);
  const ours = versionOf(one, what === 'vmm' ? part : 'virtiofsd');
  // The C program had QEMU's numbers; the Rust one, which came after it, began at 1.
  if (distros && what === 'virtiofsd' && Number(/\d+/.exec(ours?.replace(/^\d+:/, '') ?? '')) > 3) {
    return 'older';
  }
  return distros ? ageOf(ours, ownVersion(one, what)) : undefined;
}

/** Whether the cell itself tries the VMM alone, without Kata. */
export function isAlone({ cell }: Pick<Case, 'cell'>): boolean {
  return groupOf(cell.scenario) === 'vmm';
}
