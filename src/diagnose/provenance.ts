import type { Component, Finding } from '../domain/finding.ts';
import type { Facts } from '../domain/result.ts';
import { groupOf } from '../domain/scenario.ts';
import type { Case } from './case.ts';
import { replayedKata, shippedWith, vmmOf } from './kata-parts.ts';

type Whose = Pick<Finding, 'provenance' | 'mender'>;

const upstream = "Kata Containers' maintainers";

/** What the thing at fault is, by name and version, and who can mend it. */
export function whoseIs(component: Component, one: Case): Whose {
  const { part } = vmmOf(one.cell.stack);
  const kata = one.kata === undefined ? 'Kata' : `Kata ${one.kata}`;
  switch (component) {
    case 'distro-vmm':
      return packaged(one, part);
    case 'distro-virtiofsd':
      return packaged(one, 'virtiofsd');
    case 'distro-kernel':
      return packaged(one, 'kernel');
    case 'container-stack':
      return packaged(one, 'containerd', 'runc');
    case 'distro-packaging':
      return { provenance: `the packages of ${one.cell.distro}`, mender: `${one.cell.distro}'s packagers` };
    case 'distro-host':
      return {
        provenance: `what ${one.cell.distro} sets by default`,
        mender: `${one.cell.distro}'s maintainers`,
      };
    case 'distro-policy':
      return {
        provenance: `the policy of ${one.cell.distro}'s ${one.packages['lsm'] ?? 'security module'}`,
        mender: `${one.cell.distro}'s maintainers of that policy`,
      };
    case 'kata':
      return { provenance: kata, mender: upstream };
    case 'kata-vmm': {
      const { provenance, mender } = packaged(one, part);
      return {
        provenance: [kata, provenance].filter(Boolean).join(' with '),
        mender: [upstream, mender].filter(Boolean).join(', together with '),
      };
    }
    case 'infra':
      return { provenance: 'what is outside of the machine', mender: 'who runs this host' };
    case 'farm':
      return { provenance: 'what katafarm made, sized or set', mender: "katafarm's own maintainers" };
    case 'unknown':
      return {};
    default:
      return component satisfies never;
  }
}

/** Versions of whatever took part, by its name. */
export function versionsOf(one: Case): Facts {
  const of = ['qemu', 'cloud-hypervisor', 'firecracker', 'virtiofsd', 'kernel', 'containerd', 'runc'].flatMap(
    (part) => {
      const version = versionOf(one, part);
      return version === undefined ? [] : [[part, version] as const];
    },
  );
  return { ...Object.fromEntries(of), ...(one.kata !== undefined && { kata: one.kata }) };
}

/** What ran, where the cell recorded that; else what the release packages. */
export function versionOf({ facts, packages, cell }: Case, part: string): string | undefined {
  const keys = [part, part === 'cloud-hypervisor' ? 'clh' : part].map((name) => `${name}.version`);
  const vmm = vmmOf(cell.stack).part === part ? ['vmm.version'] : [];
  const told = [...keys, ...vmm].map((key) => facts[key]).find((value) => value !== undefined);
  const version = told ?? packages[`${part}.version`];
  return version === undefined ? undefined : String(version);
}

/** The version of that part in the Kata that the cell ran, or is compared with. */
export function ownVersion(one: Case, part: 'vmm' | 'virtiofsd'): string | undefined {
  const { cell } = one;
  const kata = one.kata ?? (groupOf(cell.scenario) === 'vmm' ? replayedKata : undefined);
  const { part: vmm } = vmmOf(cell.stack);
  if (part === 'virtiofsd') {
    return shippedWith(kata, 'virtiofsd');
  }
  return vmm === 'firecracker' ? undefined : shippedWith(kata, vmm);
}

function packaged(one: Case, ...parts: readonly string[]): Whose {
  const names = parts.map((part) => one.packages[`${part}.package`]).filter((name) => name !== undefined);
  if (names.length === 0) {
    return { mender: `${one.cell.distro}'s maintainers` };
  }
  const versions = parts.map((part) => one.packages[`${part}.version`] ?? versionOf(one, part) ?? '');
  // What a packager puts on a release to try it is not yet the release's.
  const isOverlaid = parts.some((part) => one.packages[`${part}.overlaid`] !== undefined);
  return {
    provenance: names.map((name, index) => `${name} ${versions[index] ?? ''}`.trim()).join(' and '),
    mender: isOverlaid
      ? `who made this ${names.join(' and ')}: it is an overlay on ${one.cell.distro}`
      : `${one.cell.distro}'s maintainers of ${names.join(' and ')}`,
  };
}
