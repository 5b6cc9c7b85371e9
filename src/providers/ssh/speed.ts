import { isPackaged } from '../../domain/claim.ts';
import type { Distro } from '../../domain/distro.ts';
import type { Speed, SpeedClass } from '../../domain/speed.ts';
import { nestedGuestScript, proofIn } from '../../host/nested-guest.ts';
import type { Said } from './hold.ts';
import type { Link } from './link.ts';

/**
 * What a guest's kernel with a busybox takes under KVM from start to power-off on hardware of speed 1, in milliseconds. An
 * estimate: no bare metal has been measured yet. The farm's emulated machines, of factor 6 to 10, take 11 to 20 s.
 */
const referenceMs = 2000;
/** The same of a shell that counts to 200,000. */
const countingMs = 100;
/** The longest that a guest may take, and all the rest of it. */
const guestSeconds = 240;
const seconds = 300;

const counting = `
begun=$(date +%s%N); count=0
while [ "$count" -lt 200000 ]; do count=$((count + 1)); done
echo "counting-took:$(( ($(date +%s%N) - begun) / 1000000 ))"`;

/** What a machine is worth: its distro's own QEMU brings a small guest up under KVM, or it doesn't. */
export async function measureSpeed(
  link: Link,
  { parts: { qemu }, arch }: Pick<Distro, 'parts' | 'arch'>,
  signal: AbortSignal,
): Promise<Speed> {
  const counted = await link.run(counting, signal);
  const ms = Number(counted.out.match(/counting-took:(\d+)/)?.[1] ?? countingMs);
  if (!isPackaged(qemu)) {
    return speedOf(link.said, { nested: false, said: 'not tried: this release packages no QEMU' }, ms);
  }
  const script = nestedGuestScript(qemu.path, guestSeconds, arch, '/var/tmp/katafarm/probe');
  const { out, err } = await link.run(script, signal, seconds);
  await link.run('rm -rf /var/tmp/katafarm/probe', signal);
  return speedOf(link.said, proofIn(`${out}\n${err}`, guestSeconds), ms);
}

/** From what was tried to what it is worth. On bare metal a guest under KVM is all that there is to be had. Pure. */
export function speedOf(
  { virtualisation = '' }: Said,
  proof: { readonly nested: boolean; readonly nestedMs?: number; readonly said: string },
  counting: number,
): Speed {
  const isEmulated = virtualisation === 'qemu';
  const isBare = virtualisation === 'none';
  const accelerator = isEmulated ? 'tcg' : 'kvm';
  const where = isBare ? 'on bare metal' : `in a machine by ${virtualisation || 'nobody knows whom'}`;
  if (!proof.nested) {
    const because = `no guest came up under KVM ${where}: ${proof.said || 'it said nothing'}`;
    return { class: 'none', accelerator, factor: stretch(counting / countingMs), because };
  }
  const slower = proof.nestedMs === undefined ? counting / countingMs : proof.nestedMs / referenceMs;
  return {
    class: classOf(isBare, isEmulated),
    accelerator,
    factor: stretch(slower),
    because: `a guest came up under KVM in ${proof.nestedMs ?? 'many'} ms, ${where}`,
  };
}

function classOf(isBare: boolean, isEmulated: boolean): SpeedClass {
  if (isBare) {
    return 'kvm';
  }
  return isEmulated ? 'tcg+svm' : 'kvm-nested';
}

const stretch = (slower: number) => Math.max(1, Math.round(slower * 10) / 10);
