import { oneLine } from '../../../domain/text.ts';

/** How far a machine has come at its first boot, by its console. */
export interface Progress {
  readonly at: 'nothing' | 'firmware' | 'kernel' | 'at-work' | 'done';
  /** Of cloud-init: the stage that it is at, or how it ended. */
  readonly stage?: string;
  /** In words, for who waited in vain. */
  readonly words: string;
}

/** In the words of cloud-init (cmd/main.py, config/cc_final_message.py; 0.7 to 25): each stage says so as it begins. */
const begins = /Cloud-init v\. ?\S+ running '([^']+)'/g;
const ends = /Cloud-init v\. ?\S+ finished at ([^\r\n]*)/;
/** The kernel's own lines, an initramfs, systemd or OpenRC: whatever shows that the bootloader is behind it. */
const kernel = /\[ *\d+\.\d{6}\]|Linux version |Welcome to |OpenRC |systemd\[1\]/;

/**
 * What a console shows of a first boot. Pure: the text is all of it so far. A machine that is still at its first boot may
 * take its time; one that cloud-init has ended on, and that does not answer, never will.
 */
export function progressOf(console: string): Progress {
  const last = oneLine(console.trimEnd().split('\n').at(-1) ?? '', 200);
  const seen = last === '' ? '' : `; it said last: ${last}`;
  const end = ends.exec(console);
  if (end) {
    const how = oneLine(end[1] ?? '', 120);
    return {
      at: 'done',
      stage: 'finished',
      words: `cloud-init has ended (${how}), and the machine does not answer: what it was told to start did not start`,
    };
  }
  const stage = [...console.matchAll(begins)].at(-1)?.[1];
  if (stage !== undefined) {
    return { at: 'at-work', stage, words: `cloud-init is still at work, at its stage ${stage}${seen}` };
  }
  if (kernel.test(console)) {
    return { at: 'kernel', words: `its kernel came up, and cloud-init has not begun${seen}` };
  }
  return last === ''
    ? { at: 'nothing', words: 'its console shows nothing: neither a bootloader nor a kernel wrote to ttyS0' }
    : { at: 'firmware', words: `no kernel came up after its firmware or bootloader${seen}` };
}
