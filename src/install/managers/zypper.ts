import type { PackageManager } from './package-manager.ts';
import { rpmDatabase } from './rpm.ts';

/** openSUSE, SLES. rpm itself keeps changed configuration. */
export const zypper: PackageManager = {
  ...rpmDatabase,
  id: 'zypper',
  typed: 'zypper install',
  refresh: 'ZYPP_LOCK_TIMEOUT=60 zypper --non-interactive refresh',
  // 102 and 103 say that a restart is due (zypper(8)).
  install: (words) =>
    `ZYPP_LOCK_TIMEOUT=60 zypper --non-interactive install --auto-agree-with-licenses ${words} || case $? in 102|103) ;; *) (exit $?) ;; esac`,
  available: (words) => `zypper --non-interactive --no-refresh search --details --match-exact ${words}`,
  parseAvailable: (out) => {
    const rows = out
      .split('\n')
      .map((line) => line.split('|').map((column) => column.trim()))
      .filter(([, , type]) => type === 'package');
    // The newest comes first.
    return new Map(rows.toReversed().map(([, name = '', , version = '']) => [name, version]));
  },
  words: {
    'not-packaged': [/^No provider of '(.+?)' found\.$/m, /^Package '(.+?)' not found\.$/m],
    uninstallable: [
      /^(?:Problem|\d+ Problems?): /m,
      /nothing provides '.+' needed by/,
      /requires '.+', but this requirement cannot be provided/,
    ],
    mirror: [
      /Download \(curl\) error/,
      /Valid metadata not found at specified URL/,
      /Failed to retrieve new repository metadata/,
      /not found on medium '/,
      /Some of the repositories have not been refreshed/,
      /^Repository '.*' is invalid\.$/m,
    ],
    locked: [/System management is locked by the application/],
  },
};
