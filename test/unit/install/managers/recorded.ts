import type { AnswerKind } from '../../../../src/install/managers/package-manager.ts';
import type { managers } from '../../../../src/install/managers/table.ts';

/** What a package manager said once, and what that means. */
export interface Recorded {
  readonly by: keyof typeof managers;
  readonly where: string;
  readonly code: number;
  readonly text: string;
  readonly kind: AnswerKind;
  readonly names?: readonly string[];
  readonly said?: string;
}

/** apt 3.0.4, in a root of Debian 13 with a repository of three packages. */
const apt: readonly Recorded[] = [
  {
    by: 'apt',
    where: 'names that no index has',
    code: 100,
    text: 'Reading state information...\nE: Unable to locate package kf-nothing\nE: Unable to locate package kf-nowhere',
    kind: 'not-packaged',
    names: ['kf-nothing', 'kf-nowhere'],
    said: 'E: Unable to locate package kf-nothing',
  },
  {
    by: 'apt',
    where: 'a dependency that nobody has',
    code: 100,
    text: `The following packages have unmet dependencies:
 kf-broken : Depends: kf-absent but it is not installable
E: Unable to correct problems, you have held broken packages.
E: The following information from --solver 3.0 may provide additional context:
   Unable to satisfy dependencies. Reached two conflicting decisions:`,
    kind: 'uninstallable',
  },
  {
    by: 'apt',
    where: 'a package that the index has and the mirror has not',
    code: 100,
    text: `E: Failed to fetch file:/srv/arepo/./kf-second.deb  File not found - /srv/arepo/./kf-second.deb (2: No such file or directory)
E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?`,
    kind: 'mirror',
  },
  {
    by: 'apt',
    where: 'a mirror at which nobody listens',
    code: 100,
    text: `E: Failed to fetch http://127.0.0.1:9/x/./InRelease  Unable to connect to 127.0.0.1:9:
E: Some index files failed to download. They have been ignored, or old ones used instead.`,
    kind: 'mirror',
  },
  {
    by: 'apt',
    where: 'another one that installs',
    code: 100,
    text: `Waiting for cache lock: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 5360 (python3)...
E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?`,
    kind: 'locked',
  },
  {
    by: 'apt',
    where: 'another one that reads the index',
    code: 100,
    text: `Reading package lists...
E: Could not get lock /var/lib/apt/lists/lock. It is held by process 5360 (python3)
E: Unable to lock directory /var/lib/apt/lists/`,
    kind: 'locked',
  },
  {
    // https://github.com/servo/ci-runners/issues/57, Ubuntu
    by: 'apt',
    where: 'a first boot that upgrades',
    code: 100,
    text: `E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 2448 (unattended-upgr)
E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?`,
    kind: 'locked',
  },
];

/** dnf 4.23, in a root of Debian 13 with a repository of three packages. */
const dnf4: readonly Recorded[] = [
  {
    by: 'dnf',
    where: 'names that no index has',
    code: 1,
    text: `Last metadata expiration check: 0:00:02 ago on Sun Nov 22 11:47:45 2026.
No match for argument: kf-nothing
No match for argument: kf-nowhere
Error: Unable to find a match: kf-nothing kf-nowhere`,
    kind: 'not-packaged',
    names: ['kf-nothing', 'kf-nowhere'],
  },
  {
    by: 'dnf',
    where: 'a dependency that nobody has',
    code: 1,
    text: `Error: \n Problem: conflicting requests
  - nothing provides kf-absent needed by kf-broken-1.2-3.kf.noarch from kf`,
    kind: 'uninstallable',
    said: '- nothing provides kf-absent needed by kf-broken-1.2-3.kf.noarch from kf',
  },
  {
    by: 'dnf',
    where: 'a mirror at which nobody listens, and so a name that no index has',
    code: 1,
    text: `No match for argument: kf-nothing
Errors during downloading metadata for repository 'bad':
  - Curl error (7): Could not connect to server for http://127.0.0.1:9/x/repodata/repomd.xml [Failed to connect to 127.0.0.1 port 9 after 0 ms: Could not connect to server]
Error: Failed to download metadata for repo 'bad': Cannot download repomd.xml: Cannot download repodata/repomd.xml: All mirrors were tried
Ignoring repositories: bad
Error: Unable to find a match: kf-nothing`,
    kind: 'mirror',
    said: "Error: Failed to download metadata for repo 'bad': Cannot download repomd.xml: Cannot download repodata/repomd.xml: All mirrors were tried",
  },
  {
    by: 'dnf',
    where: 'a package that the index has and the mirror has not',
    code: 1,
    text: `Error opening /srv/repo/kf-second-1.2-3.kf.noarch.rpm: No such file or directory
Package "kf-second-1.2-3.kf.noarch" from local repository "kf" has incorrect checksum
Error: Some packages from local repository have incorrect checksum`,
    kind: 'mirror',
  },
  {
    // https://github.com/gbraad-dotfiles/upstream/issues/64, CentOS Stream 10
    by: 'dnf',
    where: 'names that CentOS Stream 10 does not have',
    code: 1,
    text: 'No match for argument: stow\nNo match for argument: fzf\nError: Unable to find a match: stow fzf',
    kind: 'not-packaged',
    names: ['stow', 'fzf'],
  },
];

const dnf5: readonly Recorded[] = [
  {
    // https://github.com/linuxgamerlife/lgl-system-loadout/issues/26, Fedora 43
    by: 'dnf',
    where: 'a name that Fedora 43 does not have, by dnf 5',
    code: 1,
    text: `Updating and loading repositories:
Repositories loaded.
Failed to resolve the transaction:
Package "curl-8.15.0-6.fc43.x86_64" is already installed.
No match for argument: python3-dnf5-plugins
You can try to add to command line:
  --skip-unavailable to skip unavailable packages`,
    kind: 'not-packaged',
    names: ['python3-dnf5-plugins'],
  },
  {
    // https://github.com/luisbocanegra/kde-material-you-colors/issues/232, Fedora 41
    by: 'dnf',
    where: 'a dependency that Fedora 41 does not have, by dnf 5',
    code: 1,
    text: `Problem: conflicting requests
  - nothing provides python3.13dist(materialyoucolor) >= 2.0.8 needed by kde-material-you-colors-1.9.3-1.git.7.1ea3136.fc41.x86_64 from copr:copr.example.org:luisbocanegra:kde-material-you-colors
You can try to add to command line:
  --skip-broken to skip uninstallable packages`,
    kind: 'uninstallable',
  },
  {
    // https://github.com/rpm-software-management/dnf5/issues/2435
    by: 'dnf',
    where: 'another one at work, by dnf 5, which does not wait',
    code: 1,
    text: 'Transaction failed: Failed to obtain rpm transaction lock. Another transaction is in progress.',
    kind: 'locked',
  },
  {
    // https://github.com/ustclug/discussions/issues/454, Fedora 40
    by: 'dnf',
    where: 'a mirror that is between two states',
    code: 1,
    text: `Errors during downloading metadata for repository 'updates':
  - Status code: 404 for https://mirror.example.org/fedora/updates/40/Everything/x86_64/repodata/8476058f-updateinfo.xml.zck (IP: 192.0.2.110)`,
    kind: 'mirror',
  },
];

const dnfKin: readonly Recorded[] = [
  {
    // https://github.com/Azure/azure-cli/issues/29734, Azure Linux 3
    by: 'tdnf',
    where: 'a name that Azure Linux 3 does not have',
    code: 243,
    text: 'azure-cli package not found or not installed\nError(1011) : No matching packages',
    kind: 'not-packaged',
    names: ['azure-cli'],
  },
  {
    // https://github.com/vmware/photon/issues/871
    by: 'tdnf',
    where: 'a mirror whose name is not found, and so a name that no index has',
    code: 243,
    text: `Refreshing metadata for: 'VMware Photon Linux 3.0(aarch64)'
curl#6: Couldn't resolve host name
Error: Failed to synchronize cache for repo 'VMware Photon Linux 3.0(aarch64)' from 'https://packages.example.org/photon_release_3.0_aarch64'
No package iputils available
Error(1011) : No matching packages`,
    kind: 'mirror',
  },
  {
    // https://github.com/vmware/photon/issues/629
    by: 'tdnf',
    where: 'a dependency that nobody has',
    code: 21,
    text: `Found 1 problem(s) while resolving
1. nothing provides python-rpm needed by yum-3.4.3-7.ph1.noarch
Error(1301) : Hawkey general runtime error`,
    kind: 'uninstallable',
  },
  {
    // https://github.com/gramineproject/gsc/pull/168, ubi8-minimal
    by: 'microdnf',
    where: 'a name that RHEL 8 does not have',
    code: 1,
    text: "Downloading metadata...\nerror: No package matches 'epel-release'",
    kind: 'not-packaged',
    names: ['epel-release'],
  },
  {
    // https://github.com/sonatype/docker-nexus3/pull/177, ubi8-minimal
    by: 'microdnf',
    where: 'what can be had by nobody',
    code: 1,
    text: `error: Could not depsolve transaction; 1 problem detected:
 Problem: package cracklib-2.9.6-15.el8.x86_64 from @System requires gzip, but none of the providers can be installed`,
    kind: 'uninstallable',
  },
];

/** zypper 1.14.89, in a root of Debian 13 with a repository of three packages. */
const zypper: readonly Recorded[] = [
  {
    by: 'zypper',
    where: 'a name that no index has',
    code: 104,
    text: "'kf-nothing' not found in package names. Trying capabilities.\nNo provider of 'kf-nothing' found.",
    kind: 'not-packaged',
    names: ['kf-nothing'],
  },
  {
    by: 'zypper',
    where: 'a dependency that nobody has',
    code: 4,
    text: `Problem: 1: nothing provides 'kf-absent' needed by the to be installed kf-broken-1.2-3.kf.noarch
 Solution 1: do not install kf-broken-1.2-3.kf.noarch
Choose from above solutions by number or cancel [1/2/c/d/?] (c): c`,
    kind: 'uninstallable',
  },
  {
    by: 'zypper',
    where: 'a mirror at which nobody listens, and so a name that no index has',
    code: 104,
    text: `Warning: Skipping repository 'bad' because of the above error.
'kf-nothing' not found in package names. Trying capabilities.
Repository 'bad' is invalid.
[bad|http://127.0.0.1:9/x] Failed to retrieve new repository metadata.
 - Download (curl) error for 'http://127.0.0.1:9/x/content':
   Error code: Connection failed
Some of the repositories have not been refreshed because of an error.
No provider of 'kf-nothing' found.`,
    kind: 'mirror',
  },
  {
    by: 'zypper',
    where: 'a package that the index has and the mirror has not',
    code: 8,
    text: `Retrieving: kf-second-1.2-3.kf.noarch (kf local) (1/1),   5.9 KiB
Abort, retry, ignore? [a/r/i/...? shows all options] (a): a
File './kf-second-1.2-3.kf.noarch.rpm' not found on medium 'file:/srv/repo'`,
    kind: 'mirror',
  },
  {
    by: 'zypper',
    where: 'another one at work',
    code: 7,
    text: 'System management is locked by the application with pid 31413 (sleep).\nClose this application before trying again.',
    kind: 'locked',
  },
  {
    // https://github.com/geerlingguy/ansible-role-docker/pull/520, Leap 15.6
    by: 'zypper',
    where: 'a requirement that two repositories fight over',
    code: 4,
    text: "Problem: 1: the to be installed containerd-1.7.27-150000.123.1.x86_64 requires 'runc', but this requirement cannot be provided",
    kind: 'uninstallable',
  },
];

const apk: readonly Recorded[] = [
  {
    // https://github.com/chainguard-dev/apko/issues/415
    by: 'apk',
    where: 'a name that no index has',
    code: 1,
    text: `fetch https://packages.example.org/os/x86_64/APKINDEX.tar.gz
ERROR: unable to select packages:
  alpine-baselayout-data (no such package):
    required by: world[alpine-baselayout-data]`,
    kind: 'not-packaged',
    names: ['alpine-baselayout-data'],
    said: 'alpine-baselayout-data (no such package):',
  },
  {
    // https://github.com/malwarepad/cavOS/issues/33, Alpine 3.21
    by: 'apk',
    where: 'a mirror that fails, and so names that no index has',
    code: 3,
    text: `WARNING: updating and opening http://mirror.example.org/alpine/v3.21/community: temporary error (try again later)
ERROR: unable to select packages:
  fastfetch (no such package):
    required by: world[fastfetch]
  feh (no such package):
    required by: world[feh]`,
    kind: 'mirror',
  },
  {
    // https://github.com/jirutka/setup-alpine/issues/17, edge
    by: 'apk',
    where: 'a library that is missing from edge for a day',
    code: 1,
    text: `ERROR: unable to select packages:
  so:libLLVMSPIRVLib.so.17 (no such package):
    required by: mesa-rusticl-24.1.4-r0[so:libLLVMSPIRVLib.so.17]`,
    kind: 'uninstallable',
  },
  {
    // https://github.com/hassio-addons/app-appdaemon/issues/280
    by: 'apk',
    where: 'what is installed and too old',
    code: 1,
    text: `ERROR: unable to select packages:
  musl-1.2.4-r1:
    breaks: musl-dev-1.2.4-r2[musl=1.2.4-r2]
    satisfies: world[musl=1.2.4-r1]`,
    kind: 'uninstallable',
  },
  {
    // https://github.com/metabase/metabase/pull/20298, Alpine 3.15
    by: 'apk',
    where: 'another one at work',
    code: 99,
    text: 'ERROR: Unable to lock database: temporary error (try again later)',
    kind: 'locked',
  },
  {
    // https://github.com/fluent/fluentd-docker-image/issues/21
    by: 'apk',
    where: 'somebody who is not root',
    code: 99,
    text: 'ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied',
    kind: 'strange',
  },
];

/** pacman 7.0.0, in a root of Debian 13 with a repository of three packages. */
const pacman: readonly Recorded[] = [
  {
    by: 'pacman',
    where: 'names that no index has',
    code: 1,
    text: 'error: target not found: kf-nothing\nerror: target not found: kf-nowhere',
    kind: 'not-packaged',
    names: ['kf-nothing', 'kf-nowhere'],
  },
  {
    by: 'pacman',
    where: 'an index that was never read',
    code: 1,
    text: "warning: database file for 'kf' does not exist (use '-Sy' to download)\nerror: target not found: kf-tool",
    kind: 'mirror',
  },
  {
    by: 'pacman',
    where: 'a dependency that nobody has',
    code: 1,
    text: `:: unable to satisfy dependency 'kf-absent' required by kf-broken
warning: cannot resolve "kf-absent", a dependency of "kf-broken"
error: failed to prepare transaction (could not satisfy dependencies)`,
    kind: 'uninstallable',
  },
  {
    by: 'pacman',
    where: 'a file that is there already',
    code: 1,
    text: 'error: failed to commit transaction (conflicting files)\nkf-tool: /opt/kf-tool/kf-tool exists in filesystem',
    kind: 'uninstallable',
  },
  {
    by: 'pacman',
    where: 'a mirror at which nobody listens',
    code: 1,
    text: `error: failed retrieving file 'kf.db' from 127.0.0.1:9 : Failed to connect to 127.0.0.1 port 9 after 0 ms: Could not connect to server
error: failed to synchronize all databases (download library error)`,
    kind: 'mirror',
  },
  {
    by: 'pacman',
    where: 'a package that the index has and the mirror has not',
    code: 1,
    text: `error: failed retrieving file 'kf-second-1.0-1-any.pkg.tar.gz' from disk : Couldn't open file /srv/prepo/kf-second-1.0-1-any.pkg.tar.gz
error: failed to commit transaction (download library error)`,
    kind: 'mirror',
  },
  {
    by: 'pacman',
    where: 'another one at work',
    code: 1,
    text: `error: failed to init transaction (unable to lock database)
error: could not lock database: File exists`,
    kind: 'locked',
  },
];

const xbps: readonly Recorded[] = [
  {
    // https://github.com/void-linux/void-packages/issues/58049
    by: 'xbps',
    where: 'a name that no index has',
    code: 2,
    text: "ERROR: Package 'sx' not found in repository pool.",
    kind: 'not-packaged',
    names: ['sx'],
  },
  {
    // https://github.com/void-linux/xbps/issues/655
    by: 'xbps',
    where: 'a library that is not built yet',
    code: 19,
    text: 'MISSING: qt6-gui>=6.10.0_1\nMISSING: qt6-core>=6.10.0_1\nERROR: Transaction aborted due to unresolved dependencies.',
    kind: 'uninstallable',
  },
  {
    // https://github.com/void-linux/xbps/issues/290
    by: 'xbps',
    where: 'what is installed and too old',
    code: 19,
    text: "libavutil-4.2.2_3 in transaction breaks installed pkg `ffmpeg-4.2.1_2'\nTransaction aborted due to unresolved dependencies.",
    kind: 'uninstallable',
  },
];

/** Of commands that install. */
export const recorded: readonly Recorded[] = [
  ...[...apt, ...dnf4, ...dnf5, ...dnfKin, ...zypper, ...apk, ...pacman, ...xbps],
];

/** Of commands that read the index, and that call it a success. */
export const recordedRefresh: readonly Recorded[] = [
  {
    by: 'dnf',
    where: 'one of two mirrors down',
    code: 0,
    text: `kf local                                        1.5 MB/s | 1.5 kB     00:00
Metadata cache created.
Errors during downloading metadata for repository 'bad':
  - Curl error (7): Could not connect to server for http://127.0.0.1:9/x/repodata/repomd.xml [Failed to connect to 127.0.0.1 port 9 after 0 ms: Could not connect to server]
Ignoring repositories: bad`,
    kind: 'mirror',
  },
  {
    // https://github.com/void-linux/xbps/issues/293
    by: 'xbps',
    where: 'no name server',
    code: 0,
    text: `[*] Updating \`https://mirror.example.org/current/musl/x86_64-musl-repodata' ...
ERROR: [reposync] failed to fetch file \`https://mirror.example.org/current/musl/x86_64-musl-repodata': Transient resolver failure`,
    kind: 'mirror',
  },
  {
    // https://github.com/gliderlabs/docker-alpine/issues/332, Alpine 3.6
    by: 'apk',
    where: 'a mirror that fails',
    code: 0,
    text: 'WARNING: Ignoring http://mirror.example.org/alpine/v3.6/community/x86_64/APKINDEX.tar.gz: temporary error (try again later)',
    kind: 'mirror',
  },
  {
    by: 'apt',
    where: 'a repository without translations',
    code: 0,
    text: `Get:3 file:/srv/arepo ./ Packages
Err:4 file:/srv/arepo ./ Translation-en
  File not found - /srv/arepo/./en.xz (2: No such file or directory)
Ign:4 file:/srv/arepo ./ Translation-en
Reading package lists...`,
    kind: 'done',
  },
  {
    by: 'zypper',
    where: 'all well',
    code: 0,
    text: "Retrieving repository 'kf local' metadata [.done]\nBuilding repository 'kf local' cache [....done]\nAll repositories have been refreshed.",
    kind: 'done',
  },
  {
    // https://github.com/chatwoot/chatwoot/issues/9782, Alpine 3.19
    by: 'apk',
    where: 'all well',
    code: 0,
    text: 'v3.19.2-63-g7a7a968cf93 [https://mirror.example.org/alpine/v3.19/main]\nOK: 23033 distinct packages available',
    kind: 'done',
  },
];
