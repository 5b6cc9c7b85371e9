import { UserError } from '../errors.ts';
import type { Finished } from './bound-child.ts';

/** What a tool's failure comes to, with its own last words and what to do about them. */
export function complaint(distro: string, { code, signal, output }: Finished): UserError {
  const worth = output
    .split('\n')
    .filter((line) => /^(E|Err|mke2fs|cat|rm|unshare|newuidmap)\b|No space/.test(line));
  const said = worth.slice(-5).join('\n') || output.slice(-400);
  const ended = signal ? `signal ${signal}` : `exit status ${code}`;
  return new UserError(`cannot build ${distro}'s image (${ended}): ${hint(output)}\n${said}`, {
    exitCode: 3,
  });
}

function hint(output: string): string {
  return hints.find(([pattern]) => pattern.test(output))?.[1] ?? 'a tool failed; its last words are below';
}

/** What to do about what tools and apt (2.6 to 3.1) say; the first that fits. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /No space left on device|enough free space in/,
    'the disk is full; make room, or put the cache elsewhere with KATAFARM_CACHE=DIR',
  ],
  [
    /binfmt_misc|arch-test/,
    'this host runs no programs of that architecture: it takes qemu-user-static with its entries in binfmt_misc, and arch-test (docs/architectures.md)',
  ],
  [
    /unshare: (no line matching|unrecognized option|unshare failed|write failed)|newuidmap/,
    'an ordinary user needs newuidmap, a range in /etc/subuid, util-linux 2.38, and user namespaces that the kernel allows; `katafarm doctor` says more',
  ],
  [
    /is expired|not valid anymore|invalid since/i,
    'the mirror is out of date; take another with --mirror URL, or accept it with --allow-expired-mirror',
  ],
  [
    /Could not (resolve|connect)|Connection (refused|timed out|failed)|Unable to connect/,
    'the mirror cannot be reached; check network and proxy, or take another with --mirror URL',
  ],
  [
    /does not have a Release file|Failed to fetch|Hash Sum mismatch/,
    'the mirror lacks what it should have; try again later, or take another with --mirror URL',
  ],
];
