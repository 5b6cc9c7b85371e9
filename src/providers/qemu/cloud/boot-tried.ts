import { join } from 'node:path';
import type { Speed } from '../../../domain/speed.ts';
import type { Tell } from '../../../machine/machine.ts';
import type { MachineSpec } from '../argv.ts';
import type { Place } from '../freeze.ts';
import { type FirstBooted, firstBoot } from './first-boot.ts';
import { guesses, showsKernel } from './trial.ts';

/** What is known of what machines can do here, before an image's kernel could be asked. */
export interface Known {
  /** Undefined: nobody has measured anything yet. */
  readonly speed: (tell: Tell, signal: AbortSignal) => Promise<Speed | undefined>;
  /** Under which accelerators a machine may be tried, best first. */
  readonly accelerators: () => Promise<readonly ('kvm' | 'tcg')[]>;
}

/**
 * Boots for the first time by what is known of this host; where nothing is, by whichever accelerator brings a kernel up,
 * hardware first: this may be the first kernel that the farm has.
 */
export async function bootTried(
  distro: string,
  specOf: (speed: Speed) => Omit<MachineSpec, 'sockets' | 'console'>,
  work: string,
  place: Place,
  known: Known,
  tell: Tell,
  signal: AbortSignal,
): Promise<FirstBooted & { readonly speed: Speed }> {
  const speed = await known.speed(tell, signal);
  const candidates = speed ? [speed] : (await known.accelerators()).map((which) => guesses[which]);

  for (const [index, candidate] of candidates.entries()) {
    const logs = join(work, candidate.accelerator);
    const attempt = { distro, spec: specOf(candidate), speed: candidate, logs };
    if (index === candidates.length - 1) {
      return { ...(await firstBoot(attempt, place, tell, signal)), speed: candidate };
    }
    const over = new AbortController();
    const booting = firstBoot(attempt, place, tell, AbortSignal.any([signal, over.signal]));
    const ended = booting.then(
      () => true,
      () => false,
    );
    const shown = showsKernel(join(logs, 'console.log'), AbortSignal.any([signal, over.signal]));
    shown.catch(() => {});
    if (await Promise.race([shown, ended])) {
      return { ...(await booting), speed: candidate };
    }
    over.abort(new Error(`no kernel came up by ${candidate.accelerator}`));
    await booting.catch(() => {});
    signal.throwIfAborted();
    tell(`${distro}: no kernel came up by ${candidate.accelerator}; booting it by emulation`);
  }
  throw new TypeError('there is no accelerator to try');
}
