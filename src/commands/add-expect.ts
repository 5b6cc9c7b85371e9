import { type Command, Option } from 'commander';
import type { CellCount } from '../domain/cell-count.ts';
import { UserError } from '../errors.ts';

/** What a run has to come to. */
export interface ExpectOptions {
  readonly expect?: readonly CellCount[];
}

/** Adds `--expect`: read it as {@link ExpectOptions}. */
export function addExpect(command: Command): Command {
  return command.addOption(
    new Option(
      '--expect <expression>',
      "exit 3 unless so many cells came to a verdict: 'kata.uname>=1 per distro'; may be repeated",
    ).argParser(cellCounts),
  );
}

/** Collects expressions. Throws a UserError for one that can't be read. */
export function cellCounts(text: string, before: readonly CellCount[] = []): readonly CellCount[] {
  return [...before, cellCount(text)];
}

function cellCount(text: string): CellCount {
  const [, glob, operator, digits, per] =
    /^\s*([a-z0-9*][a-z0-9.*-]*)\s*(>=|<=|>|<|=)\s*(\d{1,6})(\s+per\s+distro)?\s*$/.exec(text) ?? [];
  if (glob === undefined || !isOperator(operator)) {
    throw new UserError(`cannot read --expect "${text}": ${hintFor(text)}`);
  }
  return {
    words: `--expect '${text.trim()}'`,
    glob,
    operator,
    count: Number(digits),
    perDistro: per !== undefined,
  };
}

function hintFor(text: string): string {
  if (!/[<>=]/.test(text)) {
    return "a comparison is missing: 'kata.uname>=1 per distro', 'vmm.*>=3'";
  }
  if (/\bper\b/.test(text) && !/\bper\s+distro\s*$/.test(text)) {
    return 'what may end it is "per distro": \'kata.uname>=1 per distro\'';
  }
  return "say scenarios, >=, <=, >, < or =, and a number: 'kata.uname>=1 per distro', 'vmm.*>=3'";
}

function isOperator(word: string | undefined): word is CellCount['operator'] {
  return word === '>=' || word === '<=' || word === '>' || word === '<' || word === '=';
}
