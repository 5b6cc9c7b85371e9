import { spacedVersions } from './name-version.ts';
import type { PackageManager } from './package-manager.ts';

/** Arch. Changed configuration stays; the package's own is put beside it (`.pacnew`). */
export const pacman: PackageManager = {
  id: 'pacman',
  typed: 'pacman -S --needed',
  refresh: 'pacman -Sy --noconfirm',
  install: (words) => `pacman -Su --noconfirm --needed ${words}`,
  aside: 'everything was upgraded, as Arch supports no other way to install',
  installed: 'pacman -Q',
  parseInstalled: spacedVersions,
  available: (words) => `pacman -Si ${words}`,
  parseAvailable: (out) =>
    new Map(
      [...out.matchAll(/^Name +: (\S+)\nVersion +: (\S+)$/gm)].map(([, name = '', version = '']) => [
        name,
        version,
      ]),
    ),
  owner: (word) => `pacman -Qqo ${word}`,
  parseOwner: (out) => /^(\S+)$/m.exec(out)?.[1],
  files: (word) => `{ pacman -Fy >&2; pacman -Flq ${word}; }`,
  parseFiles: (out) =>
    out.split('\n').flatMap((line) => (line && !line.endsWith('/') ? [`/${line.trim()}`] : [])),
  words: {
    'not-packaged': [/^error: target not found: (\S+)$/m],
    uninstallable: [
      /could not satisfy dependencies/,
      /unable to satisfy dependency/,
      /\((?:conflicting dependencies|conflicting files)\)/,
    ],
    mirror: [
      /failed retrieving file '/,
      /failed to synchronize all databases/,
      /download library error/,
      /invalid or corrupted (?:package|database)/,
      /^warning: database file for '.+' does not exist/m,
    ],
    locked: [/unable to lock database/, /could not lock database/],
  },
};
