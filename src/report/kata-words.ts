import type { Run } from '../domain/run.ts';
import { withoutKata } from './tested.ts';

/** First of all: which Katas were run, or why none was. Nothing where the run was about something else. */
export function kataWords(run: Run): readonly string[] {
  const because = withoutKata(run);
  if (because !== undefined) {
    return [`Kata itself was not run: ${because}`];
  }
  return (run.plan.katas ?? []).map(
    ({ label, version, source, trust }) =>
      `Kata ${version}${label === undefined ? '' : ` (${label})`}: ${source}, ${trustWords[trust]}`,
  );
}

const trustWords = {
  pinned: 'verified by the digest in this repository',
  checksum: "verified by the publisher's checksum",
  'release-api': "verified by the release's digest",
  'first-use': 'trusted at its first use: nobody vouches for it',
  local: 'files of this host',
  package: "the distro's package",
} as const;
