import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Speed } from '../../../domain/speed.ts';
import { progressOf } from './progress.ts';

/** For a kernel to show itself where hardware runs it, firmware and bootloader and all. */
const showSeconds = 90;

/** What a first boot is tried with where nothing is known of this host's machines yet. */
export const guesses = {
  kvm: { class: 'kvm', accelerator: 'kvm', factor: 2, because: 'nothing was measured yet' },
  tcg: { class: 'none', accelerator: 'tcg', factor: 12, because: 'nothing was measured yet' },
} as const satisfies Readonly<Record<string, Speed>>;

/** Resolves with whether a kernel shows itself on a console while `signal` waits: KVM may be there and be of no use. */
export async function showsKernel(
  console: string,
  signal: AbortSignal,
  seconds = showSeconds,
  pauseMs = 1_000,
): Promise<boolean> {
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const { at } = progressOf(await readFile(console, 'utf8').catch(() => ''));
    if (at !== 'nothing' && at !== 'firmware') {
      return true;
    }
    await sleep(pauseMs, undefined, { signal });
  }
  return false;
}
