import type { Component } from '../domain/finding.ts';
import { ageHere, isAlone, refusedAlone, takesAlone } from './beside.ts';
import type { Case } from './case.ts';
import { vmmOf } from './kata-parts.ts';
import type { Known } from './known.ts';
import type { Swapped } from './swaps.ts';

/** Whom the one swap that turned a failure green names, and why. */
export function namedBy(
  { part }: Swapped,
  one: Case,
  { row }: Known,
  all: readonly Swapped[],
): readonly [Component, string] {
  const { distros } = vmmOf(one.cell.stack);
  const isDistroKernel = isAlone(one) || one.cell.stack.endsWith('+distro-kernel');
  switch (part) {
    case 'vmm':
      return distros
        ? vmmBySwap(one, row?.blame === 'vmm-age')
        : ['unknown', "the VMM in this stack is not the distro's"];
    case 'firmware':
      return distros
        ? ['distro-vmm', "it is the distro's firmware"]
        : ['unknown', "the firmware is not the distro's"];
    case 'virtiofsd':
      return distros ? virtiofsdBySwap(one) : ['unknown', "virtiofsd in this stack is not the distro's"];
    case 'guest-kernel':
      if (!isDistroKernel) {
        return ['unknown', "the guest's kernel is Kata's, which is named only by another Kata"];
      }
      return row?.blame === 'guest-kernel'
        ? ['distro-kernel', 'the same initrd does not fail with another kernel']
        : ['unknown', 'another kernel helps, and whether the initrd lacks a module is not known'];
    case 'guest-image':
      return one.cell.stack.endsWith('+distro-kernel')
        ? ['farm', "the initrd is the farm's work"]
        : ['unknown', "the guest's image is Kata's, which is named only by another Kata"];
    case 'lsm':
      return ['distro-policy', 'it is red where the policy is enforced, and green where it is not'];
    case 'engine':
      return ['container-stack', 'another container engine does it'];
    case 'kata':
      return all.some((swap) => swap.part === 'engine' && swap.came === 'red')
        ? ['kata', 'another Kata does it, and another container engine does not help']
        : ['unknown', 'another Kata does it, and the container engine was not swapped'];
    default:
      return part satisfies never;
  }
}

function vmmBySwap(one: Case, isSyntax: boolean): readonly [Component, string] {
  const isNewer = ageHere(one, 'vmm') === 'newer';
  if (!isAlone(one) && !refusedAlone(one)) {
    const alone = takesAlone(one) ? "takes Kata's command line alone" : 'was not seen to fail alone';
    return ['kata-vmm', `the distro's VMM ${alone}`];
  }
  return isNewer && isSyntax
    ? ['kata', "the distro's VMM is newer than Kata's own, and has dropped what Kata still says"]
    : ['distro-vmm', "the distro's VMM fails alone as well"];
}

function virtiofsdBySwap(one: Case): readonly [Component, string] {
  const own = one.siblings.filter(({ cell }) => cell.scenario.startsWith('vmm.virtiofs'));
  if (!isAlone(one) && own.length > 0 && own.every(({ outcome }) => outcome.status === 'passed')) {
    return ['unknown', "the distro's virtiofsd does all that is asked of it without Kata"];
  }
  return ageHere(one, 'virtiofsd') === 'newer' && own.length === 0 && !isAlone(one)
    ? ['unknown', "the distro's virtiofsd is newer than Kata's own, and was not tried alone"]
    : ['distro-virtiofsd', "it is the distro's virtiofsd"];
}
