import { type FailurePattern, printedBy } from './pattern.ts';

/** What package managers and registries say. A mirror that is not whole also lacks dependencies: it comes first. */
export const packagePatterns: readonly FailurePattern[] = [
  ...printedBy('apt methods/ and apt-pkg/acquire-item.cc', [
    {
      class: 'pkg-mirror',
      match:
        /Failed to fetch|Hash Sum mismatch|Could not resolve|Temporary failure resolving|404 +Not Found|Mirror sync in progress|Release file .* is expired/,
    },
    { class: 'clock', match: /Release file .* is not valid yet/ },
    { class: 'pkg-signature', match: /NO_PUBKEY|GPG error|GPG check FAILED|is not signed/ },
  ]),
  ...printedBy('dnf libdnf5/repo', [{ class: 'pkg-mirror', match: /Failed to download metadata/ }]),
  ...printedBy('apt apt-private/private-output.cc', [
    {
      class: 'uninstallable',
      match:
        /unmet dependencies|Unsatisfied dependencies|held broken packages|Depends: .* but it is not (?:going to be installed|installable)/,
    },
    { class: 'not-packaged', match: /Unable to locate package|has no installation candidate/ },
  ]),
  ...printedBy('dpkg src/main/errors.c', [
    {
      class: 'packaging',
      match: /dpkg: error processing|returned error exit status|Problem executing scripts/,
    },
  ]),
  ...printedBy('dracut dracut-init.sh', [
    { class: 'initrd-build', match: /dracut.*Module '[^']+' cannot be (?:found|installed)/ },
  ]),
  ...printedBy('containerd core/remotes/docker', [
    {
      class: 'pull',
      match: /failed to (?:pull|resolve) (?:image|reference)|toomanyrequests|x509: |i\/o timeout.*registry/,
    },
  ]),
  ...printedBy('docker libnetwork', [
    { class: 'net-attach', match: /failed to (?:attach|create) endpoint|the container has no eth0/ },
  ]),
];
