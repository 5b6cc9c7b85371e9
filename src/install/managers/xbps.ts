import { dashedVersion, partedVersions, pathLines } from './name-version.ts';
import type { PackageManager } from './package-manager.ts';

/** Void. Changed configuration stays; the package's own is put beside it (`.new-VERSION`). */
export const xbps: PackageManager = {
  id: 'xbps',
  typed: 'xbps-install',
  refresh: 'xbps-install -S',
  // It installs nothing while it is itself out of date: https://github.com/void-linux/xbps/pull/194
  install: (words) => `xbps-install -yu xbps || :; xbps-install -y ${words}`,
  installed: 'xbps-query -l',
  parseInstalled: (out) =>
    partedVersions(out, (line) => {
      const [state, pkgver = ''] = line.split(/\s+/);
      return state === 'ii' ? dashedVersion(pkgver) : undefined;
    }),
  available: (words) => `for name in ${words}; do xbps-query -R -p pkgver "$name" || :; done`,
  parseAvailable: (out) => partedVersions(out, dashedVersion),
  owner: (word) => `xbps-query -o ${word}`,
  parseOwner: (out) => {
    const [, pkgver = ''] = /^(\S+): \//m.exec(out) ?? [];
    return dashedVersion(pkgver)?.[0];
  },
  files: (word) => `xbps-query -R -f ${word}`,
  parseFiles: (out) => pathLines(out).map((line) => line.replace(/ -> .*/, '')),
  words: {
    'not-packaged': [/^(?:ERROR: )?Package ['`](\S+)' not found in repository pool\.$/m],
    uninstallable: [
      /^MISSING: /m,
      /Transaction aborted due to (?:unresolved dependencies|conflicting packages|unresolved shlibs)/,
      /breaks installed pkg/,
    ],
    mirror: [/failed to fetch file/, /\[reposync\] failed/, /Transient resolver failure/],
    locked: [/\[pkgdb\].*lock/i],
  },
};
