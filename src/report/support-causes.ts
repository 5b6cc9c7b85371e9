import type { CellId } from '../domain/cell.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Matrix, ReleaseSupport } from '../domain/matrix.ts';
import type { ScenarioId } from '../domain/scenario.ts';
import type { StackId } from '../domain/stack.ts';
import { isGood, printed, type Support, testedWord, type Word } from '../domain/support.ts';
import { code, escaped } from './markdown-text.ts';
import { repeatOf } from './words.ts';

/** Why a word is not plainly good, release by release; empty where all are. */
export function causes({ releases, evidence }: Matrix): string {
  const parts = releases.flatMap((release) => {
    const lines = [
      ...release.stacks
        .filter((one) => !isPlain(testedWord(one)) || one.word === 'unknown')
        .map((one) => causeOf(one, evidence)),
      ...outdatedLines(release),
      ...newerReds(release),
      ...release.distro.notes.map((note) => `- note: ${escaped(note)}`),
      ...(release.headline.word === 'eol'
        ? [`- past its end since ${release.distro.eol ?? 'long'}: nobody mends it, it never counts`]
        : []),
    ];
    return lines.length > 0 ? [[`### ${escaped(release.distro.title)}`, lines.join('\n')].join('\n\n')] : [];
  });
  return parts.length > 0 ? ['## Why', ...parts].join('\n\n') : '';
}

function causeOf(one: Support, { runs }: Evidence): string {
  const observed = one.behind.find(({ cell }) => cell === one.cell)?.observed;
  const run = observed ? `, run ${escaped(observed.run)}` : '';
  const decided = one.cell ? ` (${escaped(one.cell)}${run})` : '';
  const command = runs.find(({ id }) => id === observed?.run)?.command;
  const again =
    one.cell && testedWord(one) !== 'not-packaged' ? `; again: ${code(repeatAt(one.cell, command))}` : '';
  return `- **${one.stack}: ${printed(one)}**: ${escaped(one.reason)}${decided}${again}`;
}

/** Words that need no cause: nothing is wrong. */
function isPlain(word: Word): boolean {
  return word === 'capable' || word === 'supported';
}

function outdatedLines({ stacks }: ReleaseSupport): readonly string[] {
  const lines = stacks.flatMap(({ outdated = [] }) => outdated);
  return [...new Set(lines)].map((line) => `- outdated: tested was ${escaped(line)}`);
}

/** What is newer than the word it doesn't move yet, as its basis is worse. */
function newerReds({ stacks }: ReleaseSupport): readonly string[] {
  const lines = stacks
    .filter((one) => isGood(testedWord(one)))
    .flatMap(({ behind }) => behind)
    .flatMap(({ cell, newer }) =>
      newer && newer.status !== 'passed'
        ? [`- newer, on ${newer.basis}: ${escaped(cell)} ${newer.status} (run ${escaped(newer.run)})`]
        : [],
    );
  return [...new Set(lines)];
}

function repeatAt(id: CellId, command: readonly string[] | undefined): string {
  const [distro = '', stack = '', scenario = ''] = id.split('/');
  const cell = {
    distro: distro as `${string}-${string}`,
    stack: stack as StackId,
    scenario: scenario as ScenarioId,
  };
  return repeatOf(cell, command);
}
