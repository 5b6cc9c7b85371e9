import { type KataBuild, type KataRequest, kataPieces } from '../domain/kata.ts';
import { UserError } from '../errors.ts';
import type { HadKata } from '../install/had-kata.ts';
import { haveKata } from '../install/kata/have-kata.ts';
import type { KataOptions } from '../install/kata/options.ts';
import { pinnedRelease } from '../install/kata/pinned.ts';
import { replaceIn } from '../install/kata/replace.ts';
import type { KataChoice } from './add-kata.ts';
import type { Context } from './context.ts';
import { cacheOf } from './provider-options.ts';

/** What a run's cells of Kata's are run with. */
export interface Katas {
  readonly builds: readonly KataBuild[];
  /** At hand; fewer than the builds where a plan alone was asked for. */
  readonly had: readonly HadKata[];
  /** Why there is none. */
  readonly noKata?: string;
}

/**
 * Has the Katas that were asked for. Where none was, the pinned release is taken if it can be had, and otherwise Kata's
 * cells are skipped for the reason. `look` fetches nothing: a plan takes for granted that a release has what releases have.
 */
export async function katasOf(
  context: Context,
  { kata, replace = [], trustFirst, offline }: KataChoice & { readonly offline?: true },
  way: 'have' | 'look',
): Promise<Katas> {
  const requests: readonly KataRequest[] = kata ?? [{ source: `upstream:${pinnedRelease}` }];
  if (requests.some(({ source }) => source === 'none')) {
    return { builds: [], had: [], noKata: '--kata none' };
  }

  const token = context.env['GITHUB_TOKEN'];
  const options: KataOptions = {
    ...{ cache: cacheOf(context), now: context.now, trustFirst: trustFirst ?? false },
    offline: way === 'look' || (offline ?? false),
    ...(token && { token }),
  };
  const tell = (line: string) => context.err(`${line}\n`);
  const had: HadKata[] = [];
  const builds: KataBuild[] = [];
  for (const request of requests) {
    try {
      const one = await haveKata(request, options, tell, context.signal);
      const whole = one && (await replaceIn(one, replace, options, tell, context.signal));
      had.push(...(whole ? [whole] : []));
      builds.push(...(whole ? [whole.build] : []));
    } catch (error) {
      if (!(error instanceof UserError)) {
        throw error;
      }
      if (way === 'look' && /^(upstream|pr):/.test(request.source)) {
        builds.push(supposed(request));
      } else if (kata) {
        throw error;
      } else {
        return { builds: [], had: [], noKata: `Kata ${pinnedRelease} is not to be had: ${error.message}` };
      }
    }
  }
  return { builds, had };
}

/** A release as releases are, that nobody has fetched yet. */
function supposed({ label, source }: KataRequest): KataBuild {
  const version = source.slice(source.indexOf(':') + 1);
  return {
    ...(label !== undefined && { label }),
    ...{ source, version, digest: '', trust: 'release-api', replaced: [] },
    runtimes: ['rust', 'go'],
    pieces: kataPieces,
  };
}
