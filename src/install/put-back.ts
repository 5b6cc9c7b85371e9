import { posixQuote } from '../machine/quote.ts';

/** A package, and the version that it is to have; the one that is newest in the archive unless given. */
export interface PutBack {
  readonly name: string;
  readonly version?: string;
}

/**
 * A script for `--prepare` that has apt install these very versions, older ones as well. Its last words say what failed:
 * an archive keeps few of a package's versions.
 */
export function putBackScript(packages: readonly PutBack[]): string {
  const words = packages.map(({ name, version }) =>
    posixQuote(version === undefined ? name : `${name}=${version}`),
  );
  return `#!/bin/sh
# Puts packages back to what they were. Written by katafarm bisect.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o Acquire::Languages=none update >/run/katafarm-put-back.log 2>&1 || {
  tail -n 3 /run/katafarm-put-back.log >&2
  echo "apt cannot read the package mirror" >&2
  exit 1
}
apt-get -qq -y --allow-downgrades --no-install-recommends -o Dpkg::Options::=--force-confold \\
  install ${words.join(' ')} >/run/katafarm-put-back.log 2>&1 </dev/null || {
  grep '^[EW]:' /run/katafarm-put-back.log >&2 || tail -n 3 /run/katafarm-put-back.log >&2
  exit 1
}
rm -f /run/katafarm-put-back.log
apt-get clean
${packages.map(({ name }) => `dpkg-query -W -f '\${Package} \${Version}\\n' ${posixQuote(name)}`).join('\n')}
`;
}
