import type { FailurePattern } from './pattern.ts';
import { hostPatterns } from './patterns-host.ts';
import { kataPatterns, lastKataPatterns } from './patterns-kata.ts';
import { lastVmmWords, machinePatterns, vmmWords } from './patterns-machine.ts';
import { packagePatterns } from './patterns-packages.ts';
import { lastVmmPatterns, vmmPatterns } from './patterns-vmm.ts';

/** In order: of what follows one from another, the cause stands first. */
export const patterns: readonly FailurePattern[] = [
  ...machinePatterns,
  ...packagePatterns,
  ...kataPatterns,
  ...vmmWords,
  ...vmmPatterns,
  ...hostPatterns,
  ...lastKataPatterns,
  ...lastVmmPatterns,
  ...lastVmmWords,
];
