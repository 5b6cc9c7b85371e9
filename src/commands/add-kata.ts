import { type Command, Option } from 'commander';
import type { KataRequest } from '../domain/kata.ts';
import type { Replacement } from '../install/kata/replacement.ts';
import { kataRequests, replacements } from './kata-options.ts';

/** Which Katas. */
export interface KataChoice {
  /** The pinned release, where it can be had, unless given. */
  readonly kata?: readonly KataRequest[];
  readonly replace?: readonly Replacement[];
  /** Takes a download that nobody vouches for, the first time. */
  readonly trustFirst?: true;
}

/** Adds `--kata`, `--replace`, `--trust-first`: read them as {@link KataChoice}. */
export function addKata(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--kata <source>',
        'upstream:VERSION, file:PATH, dir:PATH, pr:N or none; several, as LABEL=SOURCE, run side by side',
      ).argParser(kataRequests),
    )
    .addOption(
      new Option(
        '--replace <piece>',
        "put a build of your own in place of Kata's: shim=PATH, agent=PATH, virtiofsd=PATH, kernel=PATH",
      ).argParser(replacements),
    )
    .option('--trust-first', 'take a download of Kata that nobody vouches for, and say so');
}
