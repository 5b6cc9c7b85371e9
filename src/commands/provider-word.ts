import type { Option } from 'commander';
import { choice } from './choice.ts';

/** `qemu`: an image that is built, else one that its distro publishes. */
const providerWords = ['qemu', 'qemu:cloud', 'docker', 'ssh'] as const;
export type ProviderWord = (typeof providerWords)[number];

/** `--provider NAME`. */
export function providerOption(): Option {
  return choice('--provider <name>', 'where machines come from', providerWords);
}
