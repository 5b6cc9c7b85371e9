import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { ImageChoice } from './add-image.ts';
import { broughtIn } from './brought.ts';
import type { Context, ProviderOptions } from './context.ts';
import { imageMirrorsIn } from './image-mirror.ts';
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
  options: MachineOptions & ImageChoice,
): ProviderOptions {
  const { accel, mirror, imageMirror, allowExpiredMirror, fresh, offline, image } = options;
  const cache = cacheOf(context);
  return {
    accelerator: accel,
    cache,
    cacheMiB: cacheMiB(context.env['KATAFARM_CACHE_SIZE']),
    beside: async () => (await import('../install/kata/kata-store.ts')).kataStore(cache),
    mirror: mirror ?? (context.env['KATAFARM_MIRROR'] || undefined),
    imageMirrors: imageMirror ?? imageMirrorsIn(context.env['KATAFARM_IMAGE_MIRROR']),
    brought: broughtIn(image),
    allowExpiredMirror: allowExpiredMirror ?? false,
    freshness: freshnessOf(fresh, offline),
  };
}

function cacheMiB(text = ''): number | undefined {
  const [, digits = '', unit = 'M'] = /^(\d{1,9})([MGT])?(?:i?B)?$/i.exec(text) ?? [];
  if (text !== '' && digits === '') {
    throw new UserError(
      `cannot read KATAFARM_CACHE_SIZE "${text}": say 20G, 20480M or a number of MiB, for what the cache may take`,
    );
  }
  const mebibytes = { M: 1, G: 1024, T: 1024 ** 2 }[unit.toUpperCase()] ?? Number.NaN;
  return digits === '' ? undefined : Number(digits) * mebibytes;
}

function freshnessOf(fresh?: true, offline?: true): ProviderOptions['freshness'] {
  if (fresh) {
    return 'fresh';
  }
  return offline ? 'offline' : 'checked';
}
