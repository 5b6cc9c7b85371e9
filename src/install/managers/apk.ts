import { dashedVersion, partedVersions, pathLines } from './name-version.ts';
import type { PackageManager } from './package-manager.ts';

/** Alpine. Changed configuration stays; the package's own is put beside it (`.apk-new`). */
export const apk: PackageManager = {
  id: 'apk',
  typed: 'apk add',
  refresh: 'apk --wait 60 update',
  install: (words) => `apk --wait 60 add ${words}`,
  installed: 'apk list --installed',
  parseInstalled: (out) => partedVersions(out, (line) => dashedVersion(line.split(' ')[0] ?? '')),
  available: (words) => `apk search --exact ${words}`,
  parseAvailable: (out) => partedVersions(out, dashedVersion),
  owner: (word) => `apk info --who-owns ${word}`,
  parseOwner: (out) => {
    const [, owner = ''] = / is owned by (\S+)$/m.exec(out) ?? [];
    return dashedVersion(owner)?.[0];
  },
  files: (word) => `apk fetch --quiet --stdout ${word} | tar -tzf - 2>/dev/null | sed 's#^#/#'`,
  parseFiles: (out) => pathLines(out).filter((path) => !path.endsWith('/')),
  words: {
    // A name that another package needs is a broken dependency, and no name that was asked for.
    'not-packaged': [/^\s*(\S+) \(no such package\):\n\s*required by: world\[/m],
    uninstallable: [/unable to select packages/, /unsatisfiable constraints/],
    mirror: [
      /temporary error \(try again later\)/,
      /^WARNING: (?:Ignoring|updating and opening|fetching|opening) /m,
      /: (?:network|IO|DNS)[ \w]* error/i,
      /(?:BAD|UNTRUSTED) signature/,
      /^[1-9]\d* (?:unavailable|errors?)[;,]/m,
    ],
    locked: [/Unable to lock database: (?!Permission denied|Read-only)/i],
  },
};
