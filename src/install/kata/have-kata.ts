import type { KataRequest, KataSource } from '../../domain/kata.ts';
import { UserError } from '../../errors.ts';
import type { Tell } from '../../machine/machine.ts';
import type { HadKata } from '../had-kata.ts';
import { fromFiles } from './from-files.ts';
import { fromFolder } from './from-folder.ts';
import { hadKata } from './had.ts';
import { holdKata } from './hold-kata.ts';
import type { KataKey } from './kata-keys.ts';
import type { KataOptions } from './options.ts';
import { pinnedRelease } from './pinned.ts';

/**
 * Has a Kata in the cache, from wherever its user says; undefined for `none`. What is there already is not had again, and
 * nobody removes it while this process lives. Throws a UserError: exit 2 where the source is wrong or refused, exit 3 where what it takes can't be reached.
 */
export async function haveKata(
  request: KataRequest,
  options: KataOptions,
  tell: Tell,
  signal: AbortSignal,
): Promise<HadKata | undefined> {
  if (request.source === 'none') {
    return undefined;
  }
  const { source } = request;
  const key = await holdKata(options.cache, tell, signal, () => obtain(source, options, tell, signal));
  return await hadKata(request, key, options.cache);
}

async function obtain(
  source: Exclude<KataSource, 'none'>,
  options: KataOptions,
  tell: Tell,
  signal: AbortSignal,
): Promise<KataKey> {
  const place = source.slice(source.indexOf(':') + 1);
  if (source.startsWith('file:')) {
    return await fromFiles(place, source, options, tell, signal);
  }
  if (source.startsWith('dir:')) {
    return await fromFolder(place, source, options, tell, signal);
  }
  if (source.startsWith('upstream:')) {
    const { fromRelease } = await import('./from-release.ts');
    return await fromRelease(place, source, options, tell, signal);
  }
  if (source.startsWith('pr:')) {
    const { fromPullRequest } = await import('./from-pull-request.ts');
    return await fromPullRequest(Number(place), source, options, tell, signal);
  }
  throw new UserError(
    `cannot have Kata from "${source}" yet: say upstream:${pinnedRelease}, file:PATH or dir:PATH`,
  );
}
