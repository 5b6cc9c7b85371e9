import type { PackageManager } from './package-manager.ts';

/** apt's own words where no set of versions fits: apt-pkg/algorithms.cc, solver3.cc; apt-private/private-install.cc. */
export const unmet =
  /unmet dependencies|held broken packages|Unable to correct problems|Unable to satisfy dependencies/;

/** dpkg's and apt's where a package's own scripts or files stop it: src/main/errors.c, apt-pkg/deb/dpkgpm.cc. */
export const refused = /Errors were encountered while processing|dpkg: error processing/;

const get = [
  'DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get --yes',
  '-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=60',
].join(' ');

/** Debian, Ubuntu. */
export const apt: PackageManager = {
  id: 'apt',
  typed: 'apt-get install',
  refresh: `${get} -o APT::Update::Error-Mode=any update`,
  install: (words, without) => [get, 'install', words, ...without.map((name) => `${name}-`)].join(' '),
  installed: `dpkg-query -W -f '\${db:Status-Abbrev}\\t\${Package}\\t\${Version}\\n'`,
  parseInstalled: (out) =>
    new Map(
      [...out.matchAll(/^.i.?\t(\S+)\t(\S+)$/gm)].map(([, name = '', version = '']) => [name, version]),
    ),
  available: (words) => `apt-cache policy ${words}`,
  parseAvailable: (out) =>
    new Map(
      [...out.matchAll(/^(\S+):\n {2}Installed: .*\n {2}Candidate: (?!\(none\))(\S+)$/gm)].map(
        ([, name = '', version = '']) => [name.replace(/:\w+$/, ''), version],
      ),
    ),
  owner: (word) => `dpkg-query -S ${word}`,
  // `libc6:amd64: /…`. What was diverted is said in lines of other words.
  parseOwner: (out) => /^([^\s:,]+)(?::\w+)?(?:,.*)?: \//m.exec(out)?.[1],
  files: (word) => `(cd "$(mktemp -d)"; apt-get -q download ${word} >&2; dpkg-deb -c ./*.deb; rm -r "$PWD")`,
  parseFiles: (out) =>
    [...out.matchAll(/^[-lh]\S+ .*? \.(\/.*?)(?: -> .*| link to .*)?$/gm)].map(([, path = '']) => path),
  words: {
    'not-packaged': [
      /^E: Unable to locate package (\S+)$/m,
      /^E: Package '(\S+)' has no installation candidate$/m,
    ],
    uninstallable: [unmet, refused],
    mirror: [
      /^[EW]: Failed to fetch /m,
      /^[EW]: Some index files failed to download/m,
      /^E: Unable to fetch some archives/m,
      /^[EW]: The repository '.*' (?:does not have|no longer has) a Release file/m,
      /^[EW]: Release file for .* is (?:expired|not valid yet)/m,
      /^[EW]: GPG error: /m,
      /Hash Sum mismatch/,
    ],
    locked: [
      /^E: Could not get lock /m,
      /^E: Unable to acquire the dpkg frontend lock/m,
      /^E: Unable to lock (?:directory|the administration directory)/m,
    ],
  },
};
