import type { KataBuild } from '../domain/kata.ts';
import { UserError } from '../errors.ts';
import type { Replacement } from '../install/kata/replacement.ts';
import type { Context } from './context.ts';
import { replacements } from './kata-options.ts';
import { katasOf } from './katas.ts';

/** Pieces that were replaced in a Kata, as `--replace` takes them. */
export function replacedIn({ replaced }: KataBuild): readonly Replacement[] {
  return replaced.reduce<readonly Replacement[]>((before, text) => replacements(text, before), []);
}

/** Why the Kata of an earlier run is not to be had any more, in words; undefined where it is. Fetches nothing. */
export async function whyNoKata(
  context: Context,
  build: KataBuild,
  { offline }: { readonly offline?: true },
): Promise<string | undefined> {
  const { source, digest } = build;
  if (source === 'none' || source === 'distro') {
    return `${source} is no Kata that can be put back`;
  }
  try {
    const choice = { kata: [{ source }], replace: replacedIn(build), ...(offline && { offline }) };
    const { had } = await katasOf(context, choice, 'look');
    const [one] = had;
    if (one) {
      return one.build.digest === digest
        ? undefined
        : `${source} is not what it was: its content has changed since`;
    }
    if (source.startsWith('pr:')) {
      return `${source} is not in the cache any more, and its commit may have changed since`;
    }
    return offline ? `${source} is not in the cache, and --offline was said` : undefined;
  } catch (error) {
    if (error instanceof UserError) {
      return error.message;
    }
    throw error;
  }
}
