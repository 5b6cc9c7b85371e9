import type { Answer, AnswerKind, Ended, PackageManager } from './package-manager.ts';

/** rpm, dpkg, apk, pacman and the kernel of a full disk. */
const full = [
  /No space left on device/,
  /not enough free disk space/i,
  /At least \d+\s?[KMG]i?B more space needed/,
  /installing package \S+ needs \d+\S* (more space )?on the \S+ filesystem/,
];

/** A command as it is to be run: in English, with nobody at its input. */
export function spoken(command: string): string {
  return `export LC_ALL=C LANGUAGE=C; { ${command}\n} </dev/null`;
}

/** What reading the index came to. Many call it a success although a mirror failed: their words count, too. */
export function refreshAnswer(manager: PackageManager, ended: Ended): Answer {
  const mirror = found(textOf(ended), manager.words.mirror);
  if (ended.code === 0 && mirror) {
    return answer('mirror', mirror);
  }
  return installAnswer(manager, ended);
}

/**
 * What an installation came to. A mirror's failure counts before a name that is not known: without an index, every
 * package manager says that there is no such package.
 */
export function installAnswer({ words }: PackageManager, ended: Ended): Answer {
  if (ended.code === 0) {
    return { kind: 'done', said: '', names: new Map() };
  }
  const text = textOf(ended);
  const order = [
    ['full', full],
    ['locked', words.locked],
    ['mirror', words.mirror],
    ['not-packaged', words['not-packaged']],
    ['uninstallable', words.uninstallable],
  ] as const;
  for (const [kind, patterns] of order) {
    const match = found(text, patterns);
    if (match) {
      return answer(kind, match, kind === 'not-packaged' ? namesIn(text, patterns) : undefined);
    }
  }
  return { kind: 'strange', said: lastLine(text), names: new Map() };
}

const textOf = ({ out, err }: Ended) => `${out}\n${err}`;

function found(text: string, patterns: readonly RegExp[]): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match) {
      return match;
    }
  }
  return undefined;
}

function namesIn(text: string, patterns: readonly RegExp[]): ReadonlyMap<string, string> {
  const matches = patterns.flatMap((pattern) => [
    ...text.matchAll(new RegExp(pattern.source, `${pattern.flags}g`)),
  ]);
  return new Map(
    matches.flatMap((match) => (match[1] === undefined ? [] : [[match[1], lineAround(match)] as const])),
  );
}

function answer(
  kind: AnswerKind,
  match: RegExpExecArray,
  names: ReadonlyMap<string, string> = new Map(),
): Answer {
  return { kind, said: lineAround(match), names };
}

/** The whole line in which a match begins. */
function lineAround({ index, input }: RegExpExecArray): string {
  const start = input.lastIndexOf('\n', index - 1) + 1;
  const skipped = /^\s*/.exec(input.slice(index))?.[0].length ?? 0;
  const end = input.indexOf('\n', index + skipped);
  return input.slice(start, end < 0 ? undefined : end).trim();
}

const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim() ?? '';
