import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { KataRequest, KataSource } from '../domain/kata.ts';
import { UserError } from '../errors.ts';
import { pinnedRelease } from '../install/kata/pinned.ts';
import { type Replacement, replaceable } from '../install/kata/replacement.ts';
import { hintOf, nearest } from '../load/nearest.ts';

const forms = 'upstream:VERSION, file:PATH, dir:PATH, distro, pr:N or none';

/** Collects `--kata [LABEL=]SOURCE`. The first has no label; a further one that is given none gets one made of its source. */
export function kataRequests(text: string, before: readonly KataRequest[] = []): readonly KataRequest[] {
  const [, given, words = ''] = /^(?:([^:=/]*)=)?(.*)$/s.exec(text) ?? [];
  const source = sourceOf(words, `--kata "${text}"`);
  if (before.some((other) => other.source === 'none') || (source === 'none' && before.length > 0)) {
    throw new UserError('cannot use --kata none together with another --kata: leave one of them out');
  }

  const label = labelOf(given, source, text, before);
  const request = { ...(label !== undefined && { label }), source };
  const twin = before.find(
    (other) => other.source === source || (label !== undefined && other.label === label),
  );
  if (twin) {
    const same = twin.source === source ? source : `label "${label}"`;
    throw new UserError(
      `cannot use --kata "${text}": ${same} was given already; leave it out, or say another LABEL=SOURCE`,
    );
  }
  return [...before, request];
}

function labelOf(
  given: string | undefined,
  source: KataSource,
  text: string,
  before: readonly KataRequest[],
): string | undefined {
  if (given !== undefined && !/^[A-Za-z0-9._-]+$/.test(given)) {
    throw new UserError(
      `cannot use "${given}" in --kata "${text}" as a label: it may have letters, digits, ".", "_" and "-"`,
    );
  }
  if (before.length > 0) {
    return given ?? labelFrom(source);
  }
  if (given !== undefined) {
    throw new UserError(
      `cannot label the first --kata "${text}": its cells are named without one; say --kata ${text.slice(given.length + 1)}, and label those after it`,
    );
  }
  return undefined;
}

/** `4.0.0`, `pr123`, or a file's name less what every archive's ends with. */
function labelFrom(source: KataSource): string {
  const [kind = '', place = ''] = splitAt(source, source.indexOf(':'));
  if (kind === '') {
    return source;
  }
  if (kind === 'pr') {
    return `pr${place}`;
  }
  const name = kind === 'file' ? basename(place.split(',')[0] ?? '') : basename(place);
  const plain = name.replace(/\.(tar(\.\w+)?|tgz|tzst|txz)$/, '').replace(/[^A-Za-z0-9._-]+/g, '-');
  return plain.replace(/^-+|-+$/g, '') || kind;
}

/** Reads a source; `said` is how it was given: `--kata "latest"`. Throws a UserError for what is none. */
export function sourceOf(words: string, said: string): KataSource {
  if (words === 'none' || words === 'distro') {
    return words;
  }
  const [kind, place] = splitAt(words, words.indexOf(':'));
  switch (kind) {
    case 'upstream':
      return `upstream:${releaseOf(place, said)}`;
    case 'pr':
      return `pr:${pullRequestOf(place, said)}`;
    case 'file':
    case 'dir':
      if (place === '') {
        throw new UserError(`cannot read ${said}: say where, as in ${kind}:PATH`);
      }
      return `${kind}:${kind === 'file' ? place.split(',').map(absolute).join(',') : absolute(place)}`;
    default:
      throw new UserError(`cannot read ${said}: ${hintFor(kind || words, words)}`);
  }
}

function releaseOf(place: string, said: string): string {
  const version = place.replace(/^v(?=\d)/, '');
  if (!/^\d+\.\d+\.\d+(-[A-Za-z0-9.]+)?$/.test(version)) {
    throw new UserError(`cannot read ${said}: say a release, as in upstream:${pinnedRelease}`);
  }
  return version;
}

function pullRequestOf(place: string, said: string): number {
  if (!/^[1-9]\d{0,6}$/.test(place)) {
    throw new UserError(`cannot read ${said}: say a pull request's number, as in pr:13514`);
  }
  return Number(place);
}

/** What a word was likely meant to be: a path or a version of which the kind was left out, or a kind misspelt. */
function hintFor(word: string, words: string): string {
  if (/^v?\d+\.\d+\.\d+/.test(words)) {
    return `did you mean "upstream:${words.replace(/^v/, '')}"?`;
  }
  if (/\.(tar|tar\.\w+|tgz)$/.test(words)) {
    return `did you mean "file:${words}"?`;
  }
  if (words.includes('/')) {
    return `did you mean "dir:${words}"?`;
  }
  const near = nearest(word, ['upstream', 'file', 'dir', 'distro', 'pr', 'none']);
  return near === undefined ? `say ${forms}` : `did you mean "${near}"? There are ${forms}`;
}

/** Collects `--replace PIECE=PATH`. */
export function replacements(text: string, before: readonly Replacement[] = []): readonly Replacement[] {
  const [word, path] = splitAt(text, text.indexOf('='));
  const piece = replaceable.find((candidate) => candidate === word);
  if (!piece) {
    throw new UserError(
      `cannot read --replace "${text}": ${hintOf(word || text, replaceable)}; say PIECE=PATH`,
    );
  }
  if (path === '') {
    throw new UserError(`cannot read --replace "${text}": say which file, as in ${piece}=PATH`);
  }
  if (before.some((other) => other.piece === piece)) {
    throw new UserError(`cannot use --replace "${text}": ${piece} was given already; leave one of them out`);
  }
  return [...before, { piece, path: absolute(path) }];
}

/** A run may be gone on with from another folder; a shell leaves the tilde alone after `file:`. */
function absolute(path: string): string {
  return resolve(path.startsWith('~/') ? join(homedir(), path.slice(2)) : path);
}

function splitAt(words: string, index: number): readonly [string, string] {
  return index === -1 ? ['', ''] : [words.slice(0, index), words.slice(index + 1)];
}
