import { isPackaged } from '../domain/claim.ts';
import type { Distro } from '../domain/distro.ts';
import type { Component, Finding } from '../domain/finding.ts';
import type { Part, StackId } from '../domain/stack.ts';

/** Where a report of a failure belongs. */
export interface WhereTo {
  /** `nobody`: no name can be put to it, so it would be sent to the wrong people. */
  readonly whom: 'distro' | 'kata' | 'nobody';
  readonly title: string;
  readonly url?: string;
  /** A command that sends a report. */
  readonly command?: string;
  readonly package?: string;
  /** Who can mend it, in words. */
  readonly maintainers?: string;
  /** What whoever sends it must know. */
  readonly notes: readonly string[];
}

const katas = 'https://github.com/kata-containers/kata-containers/issues/new';

/** Where a finding belongs, by its component; `distro` is the release's own file, undefined where there is none. */
export function whereTo(
  finding: Finding | undefined,
  {
    distro,
    release,
    stack,
  }: { readonly distro: Distro | undefined; readonly release: string; readonly stack: StackId },
): WhereTo {
  if (!finding) {
    return nobody(release, 'this run made no diagnosis of it');
  }
  switch (finding.component) {
    case 'unknown':
      return nobody(release, 'what was seen does not single out one part');
    case 'farm':
    case 'infra':
      return {
        whom: 'nobody',
        title: 'nobody',
        notes: ["it is the farm's own trouble or its host's, and says nothing of what was tested"],
      };
    case 'kata':
    case 'kata-vmm':
      return toKata(finding);
    default:
      return toDistro(finding, finding.component, { distro, release, stack });
  }
}

function nobody(release: string, why: string): WhereTo {
  return {
    whom: 'nobody',
    title: 'nobody yet',
    notes: [
      `nobody is named: ${why}`,
      `not to be sent to ${release}'s maintainers or to Kata's as a fault of theirs: it is not known to be one`,
    ],
  };
}

function toKata({ component, mender }: Finding): WhereTo {
  const both =
    'neither is broken alone; how Kata drives this VMM is for Kata to mend, so it is not for the release';
  return {
    whom: 'kata',
    title: "Kata Containers' issues",
    url: katas,
    maintainers: mender ?? "Kata's maintainers",
    notes: component === 'kata-vmm' ? [both] : [],
  };
}

function toDistro(
  { provenance, mender }: Finding,
  component: Component,
  {
    distro,
    release,
    stack,
  }: { readonly distro: Distro | undefined; readonly release: string; readonly stack: StackId },
): WhereTo {
  const name = packageOf(component, provenance, distro, stack);
  const tracker = distro?.tracker;
  const filled = (text: string | undefined) => text?.replaceAll('{package}', name ?? '').trim();
  const [url, command] = [tracker?.url, tracker?.report].map(filled);
  const maintainers = name && filled(tracker?.maintainers);
  const noTracker = `no tracker of ${release} is written down: add one to distros/${release}.yaml`;
  const noPackage = 'no package is known to be the one to mend: choose it before this is sent';
  return {
    whom: 'distro',
    title: tracker?.title ?? `the tracker of ${release}`,
    ...(url && { url }),
    ...(command && { command }),
    ...(name && { package: name }),
    maintainers: mender ?? maintainers ?? `${release}'s maintainers`,
    notes: [...(tracker ? [] : [noTracker]), ...(name ? [] : [noPackage])],
  };
}

/** The package to be mended: the one that the finding begins with, else the one that the release has for that part. */
function packageOf(
  component: Component,
  provenance: string | undefined,
  distro: Distro | undefined,
  stack: StackId,
): string | undefined {
  // `qemu-system-common 1:7.2+dfsg-7`: a name, then a version.
  const [, said] = /^([a-z0-9][a-z0-9+.-]+)[ =](?:\d+:)?\d/.exec(provenance ?? '') ?? [];
  if (said !== undefined) {
    return said;
  }
  const part = partOf(component, stack);
  const claim = part && distro?.parts[part];
  return claim && isPackaged(claim) ? claim.package : undefined;
}

function partOf(component: Component, stack: StackId): Part | undefined {
  switch (component) {
    case 'distro-virtiofsd':
      return 'virtiofsd';
    case 'distro-kernel':
      return 'kernel';
    case 'container-stack':
      return 'containerd';
    case 'distro-vmm':
      return vmmOf(stack);
    default:
      return undefined;
  }
}

function vmmOf(stack: StackId): Part {
  if (stack.startsWith('clh')) {
    return 'cloud-hypervisor';
  }
  return stack === 'firecracker' ? 'firecracker' : 'qemu';
}
