import { type Trust, trusts } from './claim.ts';
import type { Distro } from './distro.ts';

/** How far a release's claims about its parts are trusted: `tested 6, read 5 of 11`, or `unverified` where none is. */
export function trustText({ parts }: Pick<Distro, 'parts'>): string {
  const claims = Object.values(parts);
  const count = (trust: Trust) => claims.filter((claim) => claim.trust === trust).length;

  const told = trusts
    .filter((trust) => trust !== 'unverified' && count(trust) > 0)
    .map((trust) => `${trust} ${count(trust)}`);
  return told.length > 0 ? `${told.join(', ')} of ${claims.length}` : 'unverified';
}
