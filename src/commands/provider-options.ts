import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Context, ProviderOptions } from './context.ts';
import type { MachineOptions } from './options.ts';

/** Where images and templates are kept: `KATAFARM_CACHE`, else a folder of ours in the user's cache. */
export function cacheOf({ env, cwd }: Pick<Context, 'env' | 'cwd'>): string {
  const given = env['XDG_CACHE_HOME'] ?? '';
  // XDG Base Directory Specification: a relative path is invalid, and to be ignored.
  const base = isAbsolute(given) ? given : join(env['HOME'] || homedir(), '.cache');
  return env['KATAFARM_CACHE'] ? resolve(cwd, env['KATAFARM_CACHE']) : join(base, 'katafarm');
}

/** What the providers are told of these options and the environment. */
export function providerOptionsOf(
  context: Pick<Context, 'env' | 'cwd'>,
  { accel, mirror, allowExpiredMirror, fresh, offline }: MachineOptions,
): ProviderOptions {
  return {
    accelerator: accel,
    cache: cacheOf(context),
    mirror: mirror ?? (context.env['KATAFARM_MIRROR'] || undefined),
    allowExpiredMirror: allowExpiredMirror ?? false,
    freshness: freshnessOf(fresh, offline),
  };
}

function freshnessOf(fresh?: true, offline?: true): ProviderOptions['freshness'] {
  if (fresh) {
    return 'fresh';
  }
  return offline ? 'offline' : 'checked';
}
