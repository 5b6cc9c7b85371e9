import { posix } from 'node:path';

/** Where a release of Kata lies in a machine, and in a tree without the slash. */
export const kataRoot = 'opt/kata';

/** The words in which something is refused; it never comes back. */
export type Refuse = (reason: string) => never;

/** A name as a terminal can show it: hostile ones have control characters, or no end. */
export function shown(name: string): string {
  const short = name.length > 120 ? `${name.slice(0, 120)}…` : name;
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufffd\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The path below a tree that an archive's name stands for; the empty string for the tree itself. */
export function pathOf(name: string, refuse: Refuse): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) {
    return refuse('has a control character in its name');
  }
  if (name.includes('\ufffd')) {
    return refuse('has a name that is not UTF-8');
  }
  if (name.startsWith('/')) {
    return refuse('has an absolute path');
  }
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) {
    return refuse('has ".." in its path');
  }
  if (name.length > 1024 || parts.some((part) => Buffer.byteLength(part) > 255)) {
    return refuse('has a name that is too long');
  }
  return parts.join('/');
}

/** Whether a path is where Kata lies, below it, or a folder above it. */
export function isKatas(path: string): boolean {
  return `${path}/`.startsWith(`${kataRoot}/`);
}

/** Whether a path is one of the folders that lead to where Kata lies. */
export function leadsToKata(path: string): boolean {
  return path === '' || `${kataRoot}/`.startsWith(`${path}/`);
}

/**
 * A link's target as it is written into a tree. An absolute one means a path of the machine; the same place said from
 * where the link is can't be taken for one of this host.
 */
export function targetOf(path: string, target: string, refuse: Refuse): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (target === '' || /[\u0000-\u001f\u007f-\u009f\ufffd]/.test(target)) {
    return refuse(`is a link to ${shown(target)}, which is no path`);
  }
  if (!target.startsWith('/')) {
    return target;
  }
  const meant = posix.normalize(target).slice(1);
  if (!isKatas(meant)) {
    return refuse(`is a link out of the tree, to ${shown(target)}`);
  }
  return posix.relative(posix.dirname(path), meant) || '.';
}

/** Links that lead to links are followed so far, as by Linux. */
const mostLinks = 40;

/**
 * Where a path of a tree leads when the links on it are followed, by `linkAt`. Undefined: out of the place where Kata
 * lies, or in circles. What it leads to need not be there.
 */
export function followed(path: string, linkAt: (path: string) => string | undefined): string | undefined {
  let left = path.split('/');
  let at: string[] = [];

  for (let links = 0; left.length > 0; ) {
    const [part = '', ...rest] = left;
    left = rest;
    if (part === '..' && at.length === 0) {
      return undefined;
    }
    at = part === '..' ? at.slice(0, -1) : [...at, ...(part === '' || part === '.' ? [] : [part])];
    const link = part === '..' ? undefined : linkAt(at.join('/'));
    if (link !== undefined) {
      links += 1;
      left = [...link.split('/'), ...left];
      at = at.slice(0, -1);
    }
    if (links > mostLinks) {
      return undefined;
    }
  }
  return isKatas(at.join('/')) ? at.join('/') : undefined;
}
