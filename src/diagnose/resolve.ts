import { groupOf } from '../domain/scenario.ts';
import { ageHere, isAlone, isNestingProven, refusedAlone } from './beside.ts';
import type { Case } from './case.ts';
import type { Blame, FailureClass } from './failure-class.ts';
import { vmmOf } from './kata-parts.ts';
import { known } from './known.ts';
import { handshake, virtiofsdByAge } from './resolve-virtiofsd.ts';
import { nobody, type Resolved } from './resolved.ts';

/** What a class comes down to for this case, without any swap. */
export function resolve(blame: Blame, one: Case, row: Pick<FailureClass, 'id' | 'takes'>): Resolved {
  switch (blame) {
    case 'vmm-age':
      return byAge(one, row.id);
    case 'vmm-lacks':
      return lacking(one);
    case 'vmm-alone':
      return alone(one);
    case 'virtiofsd-age':
      return virtiofsdByAge(one);
    case 'virtiofsd-alone':
      return virtiofsdAlone(one);
    case 'handshake':
      return handshake(one);
    case 'program':
      return isAlone(one) || groupOf(one.cell.scenario) === 'control'
        ? { component: 'distro-packaging', because: 'the program and what it lacks are both of the distro' }
        : nobody('whose program it is, the words do not tell');
    case 'other-program':
      return isAlone(one)
        ? { component: 'farm', because: "the path in the farm's account of the release leads to it" }
        : nobody('whether Kata took another or the path that it was told leads there, is not known');
    case 'guest-kernel':
      return guestKernel(one, row.id);
    case 'nesting':
      return isNestingProven(one)
        ? { component: 'distro-kernel', because: 'guests in guests were seen to work on this host' }
        : { component: 'farm', because: 'guests in guests were not seen to work on this host' };
    case 'outer':
      return isNestingProven(one)
        ? nobody('guests in guests were seen to work on this host, so that it is not what is outside')
        : { component: 'infra', because: 'guests in guests were not seen to work on this host' };
    default:
      return blame === 'unknown'
        ? nobody(`for a name it takes more: ${row.takes}`)
        : { component: blame, because: `what decides: ${row.takes}` };
  }
}

function byAge(one: Case, id: string): Resolved {
  const { distros } = vmmOf(one.cell.stack);
  const age = ageHere(one, 'vmm');
  const closer = (name: string) => (id === 'qemu-property' ? { class: name } : {});
  if (!distros || age === undefined) {
    return nobody("which is older, the VMM that ran or Kata's own, is not known");
  }
  if (age === 'older') {
    const because = "the distro's VMM is older than the one that Kata ships";
    return { component: 'distro-vmm', because, ...closer('qemu-property-old') };
  }
  if (age === 'newer' && (isAlone(one) || refusedAlone(one))) {
    const because =
      "the distro's VMM is newer than the one that Kata ships, refuses Kata's words alone as well, and they are Kata's to change";
    return { component: 'kata', because, ...closer('qemu-syntax-new') };
  }
  return nobody(
    `the distro's VMM is ${age === 'same' ? 'as new as' : 'newer than'} Kata's own: only a swap tells`,
  );
}

function lacking(one: Case): Resolved {
  const { distros } = vmmOf(one.cell.stack);
  if (!distros) {
    return nobody("the VMM is Kata's own");
  }
  return ageHere(one, 'vmm') === 'newer'
    ? nobody("the distro's VMM is newer than Kata's own: it may have been dropped by the VMM's own project")
    : { component: 'distro-vmm', because: "the distro's VMM says itself that it lacks it" };
}

function alone(one: Case): Resolved {
  if (isAlone(one) && !one.cell.scenario.startsWith('vmm.virtiofs')) {
    return {
      component: 'distro-vmm',
      because: 'the VMM fails alone, and no facility of the machine explains it',
    };
  }
  const sibling = refusedAlone(one);
  if (sibling?.outcome.status !== 'failed') {
    return nobody('the VMM does not fail alone, or was not tried alone');
  }
  const { row } = known({ cell: sibling.cell, outcome: sibling.outcome, lines: [] });
  const resolved = row ? resolve(row.blame, { ...one, cell: sibling.cell }, row) : nobody('of no known kind');
  const because = `${sibling.cell.id} failed as well, without Kata: ${resolved.because}`;
  return { ...resolved, because };
}

function virtiofsdAlone(one: Case): Resolved {
  if (isAlone(one)) {
    return {
      component: 'distro-virtiofsd',
      because: 'virtiofsd fails alone, and no facility of the machine explains it',
    };
  }
  const sibling = one.siblings.find(
    ({ cell, outcome }) => cell.scenario === 'vmm.virtiofsd.start' && outcome.status === 'failed',
  );
  if (!vmmOf(one.cell.stack).distros || sibling?.outcome.status !== 'failed') {
    return nobody('virtiofsd does not fail alone, or was not tried alone');
  }
  const { row } = known({ cell: sibling.cell, outcome: sibling.outcome, lines: [] });
  const resolved = row ? resolve(row.blame, { ...one, cell: sibling.cell }, row) : nobody('of no known kind');
  return { ...resolved, because: `${sibling.cell.id} failed as well, without Kata: ${resolved.because}` };
}

/** The distro's kernel only for a symbol that is off; the initrd beside it is the farm's work. */
function guestKernel(one: Case, id: string): Resolved {
  if (!one.cell.stack.endsWith('+distro-kernel')) {
    return nobody(isAlone(one) ? "only a swap of the guest's kernel tells" : "the guest's kernel is Kata's");
  }
  const config = one.siblings.find(({ cell }) => cell.scenario === 'vmm.guest-kernel-config')?.outcome.status;
  if (id !== 'guest-kernel-modules' || config === undefined) {
    return nobody("only a swap of the guest's kernel tells");
  }
  return config === 'failed'
    ? { component: 'distro-kernel', because: 'the kernel is configured without what a guest needs' }
    : {
        component: 'farm',
        because: 'the kernel has it as a module, and the initrd that the farm made does not load it',
      };
}
