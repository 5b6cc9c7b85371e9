import type { StackId } from '../domain/stack.ts';
import { compareVersions } from '../domain/version.ts';

/** What a release of Kata ships and is tested with: `versions.yaml` at that tag. */
interface OwnParts {
  readonly kata: string;
  readonly qemu: string;
  readonly 'cloud-hypervisor': string;
  readonly virtiofsd?: string;
}

/** From old to new; a release between two has the parts of the earlier. */
const own: readonly OwnParts[] = [
  { kata: '2.0.0', qemu: '5.0.0', 'cloud-hypervisor': '0.10.0' },
  { kata: '2.1.0', qemu: '5.2.0', 'cloud-hypervisor': '15.0' },
  { kata: '2.2.0', qemu: '5.2.0', 'cloud-hypervisor': '17.0' },
  { kata: '2.5.0', qemu: '6.2.0', 'cloud-hypervisor': '25.0', virtiofsd: '1.3.0' },
  { kata: '3.0.0', qemu: '6.2.0', 'cloud-hypervisor': '26.0', virtiofsd: '1.3.0' },
  { kata: '3.2.0', qemu: '7.2.0', 'cloud-hypervisor': '33.0', virtiofsd: '1.8.0' },
  { kata: '3.7.0', qemu: '8.2.4', 'cloud-hypervisor': '40.0', virtiofsd: '1.8.0' },
  { kata: '3.9.0', qemu: '8.2.4', 'cloud-hypervisor': '41.0', virtiofsd: '1.8.0' },
  { kata: '3.12.0', qemu: '9.1.2', 'cloud-hypervisor': '41.0', virtiofsd: '1.8.0' },
  { kata: '3.20.0', qemu: '10.0.3', 'cloud-hypervisor': '47.0', virtiofsd: '1.13.1' },
  { kata: '3.25.0', qemu: '10.2.0', 'cloud-hypervisor': '48.0', virtiofsd: '1.13.3' },
  { kata: '3.30.0', qemu: '10.2.1', 'cloud-hypervisor': '51.1', virtiofsd: '1.13.3' },
  { kata: '3.32.0', qemu: '11.0.1', 'cloud-hypervisor': '51.1', virtiofsd: '1.13.3' },
  { kata: '4.1.0', qemu: '11.0.1', 'cloud-hypervisor': '51.1', virtiofsd: '1.14.0' },
];

/** Whose command lines scenarios on a VMM alone try: `scenarios/parts/kata-cmdlines.ts`. */
export const replayedKata = own.at(-1)?.kata;

export type OwnPart = 'qemu' | 'cloud-hypervisor' | 'virtiofsd';

/** The version that a release of Kata ships of a part; undefined where the release is not known. */
export function shippedWith(kata: string | undefined, part: OwnPart): string | undefined {
  const release = kata === undefined ? undefined : numbersOf(kata);
  if (!release) {
    return undefined;
  }
  return own.findLast((row) => compareVersions(row.kata, release) <= 0)?.[part];
}

export type Age = 'older' | 'same' | 'newer';

/** How a version stands to another, by its first two numbers: a third drops no syntax. Undefined where one isn't known. */
export function ageOf(version: string | undefined, beside: string | undefined): Age | undefined {
  const [ours, theirs] = [version, beside].map((text) => text && firstTwo(text));
  if (!ours || !theirs) {
    return undefined;
  }
  const difference = compareVersions(ours, theirs);
  if (difference === 0) {
    return 'same';
  }
  return difference < 0 ? 'older' : 'newer';
}

/** Whose VMM a stack has to run by. */
export function vmmOf(stack: StackId): { readonly part: OwnPart | 'firecracker'; readonly distros: boolean } {
  if (stack.startsWith('clh')) {
    return { part: 'cloud-hypervisor', distros: !stack.endsWith('.upstream') };
  }
  if (stack === 'firecracker') {
    return { part: 'firecracker', distros: true };
  }
  return { part: 'qemu', distros: stack.startsWith('qemu') && !stack.endsWith('.upstream') };
}

const firstTwo = (version: string) => numbersOf(version)?.split('.').slice(0, 2).join('.');

/** `1:7.2+dfsg-7` is 7.2: an epoch is no part of it. */
function numbersOf(version: string): string | undefined {
  const [found] = /\d+(?:\.\d+)+/.exec(version.replace(/^\d+:/, '')) ?? [];
  return found;
}
