import type { PackageManagerId } from '../../domain/distro.ts';
import { partedVersions, pathLines, rpmVersion } from './name-version.ts';
import type { PackageManager } from './package-manager.ts';
import { rpmDatabase } from './rpm.ts';

/**
 * The words of dnf 4, dnf 5, tdnf and microdnf. Any may come from any: `dnf` is dnf 5 on Fedora 41 and later, microdnf its
 * link in some images.
 */
const words: PackageManager['words'] = {
  'not-packaged': [
    /^No match for argument: (\S+)$/m,
    // tdnf
    /^(\S+) package not found or not installed$/m,
    /^No package (\S+) available\s*$/m,
    // microdnf
    /^error: No package matches '(.+)'$/m,
  ],
  uninstallable: [
    /nothing provides .+ needed by/,
    /conflicting requests/,
    /none of the providers can be installed/,
    /Could not depsolve transaction/,
    /^\s*file \S+ .*conflicts (?:with|between)/m,
  ],
  mirror: [
    /Failed to download metadata/,
    /Errors? during downloading metadata/,
    /Cannot download repomd\.xml|Cannot prepare internal mirrorlist/,
    /All mirrors were (?:already )?tried|all mirrors were already tried/,
    /Curl error \(\d+\)|^curl#\d+: /m,
    /Status code: \d+ for /,
    /cannot update repo /,
    /have incorrect checksum/,
    /GPG check FAILED/,
    // tdnf
    /Failed to synchronize cache for repo/,
    /^Error: \d{3} when downloading /m,
  ],
  locked: [/Failed to obtain rpm transaction lock/, /can't create transaction lock/],
};

const base = {
  ...rpmDatabase,
  parseAvailable: (out: string) => partedVersions(out, rpmVersion),
  parseFiles: pathLines,
  words,
};

const excluding = (names: readonly string[]) => names.map((name) => ` --exclude=${name}`).join('');

/** Fedora, CentOS Stream, RHEL and those like it, Amazon Linux, openEuler. rpm itself keeps changed configuration. */
export const dnf: PackageManager = {
  ...base,
  id: 'dnf',
  typed: 'dnf install',
  refresh: 'dnf -y makecache --refresh',
  install: (names, without) => `dnf -y${excluding(without)} install ${names}`,
  available: (names) => `dnf -q repoquery --available --latest-limit=1 ${names}`,
  files: (name) => `dnf -q repoquery -l ${name}`,
};

/** Azure Linux. */
export const tdnf: PackageManager = {
  ...base,
  id: 'tdnf',
  typed: 'tdnf install',
  refresh: 'tdnf -y makecache --refresh',
  install: (names, without) => `tdnf -y${excluding(without)} install ${names}`,
  available: (names) => `tdnf -q repoquery --available ${names}`,
  files: (name) => `tdnf -q repoquery -l ${name}`,
};

/** Minimal images of RHEL's kin. It can neither leave out a recommended package nor list a package's files. */
export const microdnf: PackageManager = {
  ...rpmDatabase,
  words,
  typed: 'microdnf install',
  id: 'microdnf' satisfies PackageManagerId,
  refresh: 'microdnf -y makecache',
  install: (names) => `microdnf -y install ${names}`,
  available: (names) => `microdnf repoquery --available ${names}`,
  parseAvailable: base.parseAvailable,
};
