import type { KataBuild } from '../domain/kata.ts';
import type { Run } from '../domain/run.ts';
import { withoutKata } from './tested.ts';

/** First of all: which Katas were run, or why none was, and what ran in containers. Nothing where the run was about something else. */
export function kataWords(run: Run): readonly string[] {
  return [...katasOf(run), ...containersOf(run)];
}

/** Which Kata it is, in a line: `4.1.0, upstream:4.1.0, with agent=/srv/agent`. */
export function kataTitle({ version, source, replaced }: KataBuild): string {
  return [version, source, ...replaced.map((piece) => `with ${piece}`)].join(', ');
}

/** Containers prove nothing of a kernel: whoever reads of their cells is told first. */
function containersOf({ plan }: Run): readonly string[] {
  const releases = plan.batches.filter(({ variant }) => variant === 'docker').map(({ distro }) => distro);
  return releases.length > 0
    ? [
        `In containers (variant docker, fidelity userspace), on which no word of support rests: ${releases.join(', ')}`,
      ]
    : [];
}

function katasOf(run: Run): readonly string[] {
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
