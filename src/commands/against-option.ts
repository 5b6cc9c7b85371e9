import { type Command, Option } from 'commander';
import { againstLabel, type KataRequest, type KataSource } from '../domain/kata.ts';
import { UserError } from '../errors.ts';
import type { KataChoice } from './add-kata.ts';
import { sourceOf } from './kata-options.ts';

/** What the Kata of `--kata` is compared with. */
export interface AgainstChoice {
  /** The base; nothing of it is replaced. */
  readonly against?: KataSource;
}

/** Adds `--against`: read it as {@link AgainstChoice}. */
export function addAgainst(command: Command): Command {
  return command.addOption(
    new Option(
      '--against <source>',
      'a Kata as the base: only what differs from it is reported, and only new failures count',
    ).argParser(againstSource),
  );
}

function againstSource(text: string): KataSource {
  const source = sourceOf(text, `--against "${text}"`);
  if (source === 'none') {
    throw new UserError(
      'cannot compare --against none: name the Kata that is the base, as in upstream:4.1.0',
    );
  }
  return source;
}

/**
 * The Katas that were asked for: with `--against` the base comes last, under a label of its own. Undefined where none
 * was. Throws a UserError unless a base has exactly one Kata to be compared with, that is not itself.
 */
export function requestsOf({
  kata,
  against,
  replace = [],
}: KataChoice & AgainstChoice): readonly KataRequest[] | undefined {
  if (against === undefined) {
    return kata;
  }
  const said = `--against ${against}`;
  const [one, ...others] = kata ?? [];
  if (!one || one.source === 'none') {
    throw new UserError(`cannot compare ${said}: say by --kata SOURCE which Kata is compared with it`);
  }
  if (others.length > 0) {
    throw new UserError(
      `cannot compare ${said} with ${others.length + 1} Katas: leave one --kata, and run again for each`,
    );
  }
  if (one.source === against && replace.length === 0) {
    throw new UserError(`cannot compare ${said} with itself: --kata says the same; name another one`);
  }
  return [one, { label: againstLabel, source: against }];
}
