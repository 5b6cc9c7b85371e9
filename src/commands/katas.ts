import { againstLabel, type KataBuild, type KataRequest, kataPieces } from '../domain/kata.ts';
import { UserError } from '../errors.ts';
import type { HadKata } from '../install/had-kata.ts';
import { haveKata } from '../install/kata/have-kata.ts';
import type { KataOptions } from '../install/kata/options.ts';
import { pinnedRelease } from '../install/kata/pinned.ts';
import { replaceIn } from '../install/kata/replace.ts';
import type { Replacement } from '../install/kata/replacement.ts';
import type { KataChoice } from './add-kata.ts';
import { type AgainstChoice, requestsOf } from './against-option.ts';
import type { Context } from './context.ts';
import { toolsForKatas } from './kata-tools.ts';
import { cacheOf } from './provider-options.ts';
import { ensureTools } from './tools.ts';

type Surroundings = Pick<Context, 'env' | 'cwd' | 'now' | 'err' | 'signal'>;
type Choice = KataChoice & AgainstChoice & { readonly offline?: true; readonly yes?: true };

/** Seconds in which a server has to answer whoever can do without it. */
const reachOfDefault = 5;

/** What a run's cells of Kata's are run with. */
export interface Katas {
  readonly builds: readonly KataBuild[];
  /** At hand; fewer than the builds where a plan alone was asked for. */
  readonly had: readonly HadKata[];
  /** Why there is none. */
  readonly noKata?: string;
}

/**
 * Has the Katas that were asked for. Where none was, nor a piece of one replaced, the pinned release is taken if it can be
 * had, and otherwise Kata's cells are skipped for the reason. `look` fetches nothing: a plan takes for granted that a
 * release has what releases have.
 */
export async function katasOf(context: Surroundings, choice: Choice, way: 'have' | 'look'): Promise<Katas> {
  const { kata, replace = [], against, trustFirst, offline, yes } = choice;
  const requests = requestsOf(choice) ?? [{ source: `upstream:${pinnedRelease}` as const }];
  if (requests.some(({ source }) => source === 'none')) {
    return { builds: [], had: [], noKata: '--kata none' };
  }

  const isAsked = kata !== undefined || replace.length > 0;
  const token = context.env['GITHUB_TOKEN'];
  const options: KataOptions = {
    ...{ cache: cacheOf(context), now: context.now, trustFirst: trustFirst ?? false },
    offline: way === 'look' || (offline ?? false),
    ...(token && { token }),
    ...(!isAsked && { reach: reachOfDefault }),
  };
  if (way === 'have') {
    await ensureTools(context, { yes: yes ?? false, needed: await toolsForKatas(requests) });
  }
  const tell = (line: string) => context.err(`${line}\n`);
  const had: HadKata[] = [];
  const builds: KataBuild[] = [];
  for (const request of requests) {
    const isBase = against !== undefined && request.label === againstLabel;
    const pieces = isBase ? [] : replace;
    if (request.source === 'distro') {
      builds.push(supposed(request, pieces));
      continue;
    }
    const deed = () => haveKata(request, options, tell, context.signal);
    const one = await (isFar(request) && !options.offline ? byProxy(context, deed) : deed()).catch(refusal);
    if (!(one instanceof UserError)) {
      const whole = one && (await replaceIn(one, pieces, options, tell, context.signal));
      had.push(...(whole ? [whole] : []));
      builds.push(...(whole ? [whole.build] : []));
    } else if (way === 'look' && isFar(request)) {
      builds.push(supposed(request, pieces));
    } else if (isAsked) {
      throw one;
    } else {
      return { builds: [], had: [], noKata: `Kata ${pinnedRelease} is not to be had: ${one.message}` };
    }
  }
  return { builds, had };
}

function isFar({ source }: KataRequest): boolean {
  return /^(upstream|pr):/.test(source);
}

/** What makes a proxy of fetch's is loaded only for who fetches. */
async function byProxy<T>(context: Surroundings, deed: () => Promise<T>): Promise<T> {
  const { withProxies } = await import('./with-proxies.ts');
  return await withProxies(context, deed);
}

function refusal(error: unknown): UserError {
  if (error instanceof UserError) {
    return error;
  }
  throw error;
}

/** A release as releases are, that nobody has fetched yet. */
function supposed({ label, source }: KataRequest, replace: readonly Replacement[]): KataBuild {
  const version = source === 'distro' ? "the distro's" : source.slice(source.indexOf(':') + 1);
  return {
    ...(label !== undefined && { label }),
    ...{ source, version, digest: '', trust: source === 'distro' ? 'package' : 'release-api' },
    replaced: replace.map(({ piece, path }) => `${piece}=${path}`),
    runtimes: ['rust', 'go'],
    pieces: kataPieces,
  };
}
