import type { Row } from './failure-class.ts';
import { anySwap, ours, outside, packagers, somebodyLooks } from './points.ts';
import { printed } from './words.ts';

/** What package managers and registries say. A mirror that is not whole also lacks dependencies: it comes first. */
export const packageClasses: readonly Row[] = [
  {
    id: 'pkg-mirror',
    title: 'a package mirror is not reached or not whole',
    ...outside,
    words: [
      printed(
        'apt methods/ and apt-pkg/acquire-item.cc',
        /Failed to fetch|Hash Sum mismatch|Could not resolve|Temporary failure resolving|404 +Not Found|Mirror sync in progress|Release file .* is expired/,
      ),
    ],
  },
  {
    id: 'clock',
    title: 'the clock is far off',
    ...ours,
    words: [printed('apt methods/ and apt-pkg/acquire-item.cc', /Release file .* is not valid yet/)],
  },
  {
    id: 'pkg-signature',
    title: "a repository's signature is not accepted",
    ...somebodyLooks,
    words: [
      printed(
        'apt methods/ and apt-pkg/acquire-item.cc',
        /NO_PUBKEY|GPG error|GPG check FAILED|is not signed/,
      ),
    ],
  },
  { class: 'pkg-mirror', ...printed('dnf libdnf5/repo', /Failed to download metadata/) },
  {
    id: 'uninstallable',
    title: "a package can't be installed, as what it depends on isn't to be had",
    ...packagers,
    words: [
      printed(
        'apt apt-private/private-output.cc',
        /unmet dependencies|Unsatisfied dependencies|held broken packages|Depends: .* but it is not (?:going to be installed|installable)/,
      ),
    ],
  },
  {
    id: 'not-packaged',
    title: 'the release has no package of that name',
    ...somebodyLooks,
    words: [
      printed('apt apt-private/private-output.cc', /Unable to locate package|has no installation candidate/),
    ],
  },
  {
    id: 'packaging',
    title: "a package can't be installed or configured",
    ...packagers,
    words: [
      printed(
        'dpkg src/main/errors.c',
        /dpkg: error processing|returned error exit status|Problem executing scripts/,
      ),
    ],
  },
  {
    id: 'initrd-build',
    title: "the distro's tool does not build the guest's initrd",
    ...packagers,
    words: [printed('dracut dracut-init.sh', /dracut.*Module '[^']+' cannot be (?:found|installed)/)],
  },
  {
    id: 'pull',
    title: "an image can't be had from its registry",
    ...outside,
    words: [
      printed(
        'containerd core/remotes/docker',
        /failed to (?:pull|resolve) (?:image|reference)|toomanyrequests|x509: |i\/o timeout.*registry/,
      ),
    ],
  },
  {
    id: 'net-attach',
    title: "a container's network is not the one it was given",
    ...anySwap,
    words: [printed('docker libnetwork', /failed to (?:attach|create) endpoint|the container has no eth0/)],
  },
];
