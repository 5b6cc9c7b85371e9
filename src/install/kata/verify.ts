import { rm } from 'node:fs/promises';
import type { KataTrust } from '../../domain/kata.ts';
import { ask, persistently } from '../../download/ask.ts';
import { digestIn } from '../../download/checksums.ts';
import { fileDigest } from '../../download/file-digest.ts';
import { UserError } from '../../errors.ts';
import type { Tell } from '../../machine/machine.ts';
import type { Release } from './github.ts';
import { github, type KataOptions } from './options.ts';
import { pinnedDigests } from './pinned.ts';

/** What an archive's sha256 has to be, and who says so; undefined: nobody does, and it is taken all the same. */
export type Expected = { readonly sha256: string; readonly trust: KataTrust } | undefined;

/**
 * Who vouches for an archive, best first: this repository, the publisher's checksum file beside it, the release API. Throws a
 * UserError where nobody does, before anything is fetched in vain.
 */
export async function expectedOf(
  asset: { readonly name: string; readonly url: string },
  release: Release | undefined,
  options: KataOptions,
  signal: AbortSignal,
): Promise<Expected> {
  const pinned = (options.pinned ?? pinnedDigests)[asset.name];
  if (pinned !== undefined) {
    return { sha256: pinned, trust: 'pinned' };
  }
  const checksum = await checksumOf(asset, release, options, signal);
  if (checksum !== undefined) {
    return { sha256: checksum, trust: 'checksum' };
  }
  const told = release?.assets.find(({ name }) => name === asset.name)?.digest?.slice('sha256:'.length);
  if (told !== undefined) {
    return { sha256: told, trust: 'release-api' };
  }
  return refuseUnlessTrusted(asset.name, options);
}

/** Undefined where its user takes what nobody vouches for; else throws. */
export function refuseUnlessTrusted(name: string, { trustFirst }: KataOptions): undefined {
  if (!trustFirst) {
    throw new UserError(
      `cannot tell whether ${name} is the publisher's: no digest of it is known; say --trust-first to take it as it comes, or give one you trust: --kata file:PATH`,
    );
  }
}

/** Compares an archive with what it should be, and says by whom it is known. One that is something else is removed. */
export async function verify(
  path: string,
  name: string,
  expected: Expected,
  tell: Tell,
  signal: AbortSignal,
): Promise<KataTrust> {
  const found = await fileDigest(path, signal);
  if (!expected) {
    tell(`nobody vouches for ${name}: first-use, with sha256 ${found}`);
    return 'first-use';
  }
  if (found !== expected.sha256) {
    await rm(path, { force: true });
    throw new UserError(
      `cannot use ${name} as it came: its sha256 is ${found}, and should be ${expected.sha256} (${expected.trust}); it was thrown away: try again, and if it stays so, somebody has changed it`,
      { exitCode: 3 },
    );
  }
  return expected.trust;
}

/** From best to worst. */
const order: readonly KataTrust[] = ['pinned', 'checksum', 'release-api', 'first-use'];

/** A set is trusted as its least trusted part. */
export function weakest(all: readonly KataTrust[]): KataTrust {
  return order[Math.max(...all.map((trust) => order.indexOf(trust)))] ?? 'first-use';
}

const endings = ['.sha256', '.sha256sum'] as const;

/** What the publisher's checksum file says, if there is one beside the archive. */
async function checksumOf(
  { name, url }: { readonly name: string; readonly url: string },
  release: Release | undefined,
  { servers = github }: KataOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const there = endings.filter(
    (ending) => !release || release.assets.some((asset) => asset.name === `${name}${ending}`),
  );
  for (const ending of there) {
    const text = await persistently(`${name}${ending}`, servers, signal, async () => {
      const { response, done } = await ask(`${url}${ending}`, {}, servers, signal);
      try {
        const text = await response.text();
        return response.ok ? text : '';
      } finally {
        done();
      }
    });
    const found = digestIn(text, name);
    if (found?.algorithm === 'sha256') {
      return found.hex;
    }
  }
  return undefined;
}
