import { homedir, hostname, networkInterfaces, tmpdir, userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Private } from '../report/redact.ts';
import type { Context } from './context.ts';

/** What of this host has no place in a text that is sent to others. */
export function privateFacts(
  { env, cwd, root }: Pick<Context, 'env' | 'cwd' | 'root'>,
  run: { readonly folder: string; readonly command: readonly string[] },
): Private {
  const home = homedir();
  const cache = env['KATAFARM_CACHE'];
  const links = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return {
    hosts: [hostname(), hostname().split('.')[0] ?? '', ...urlsOf(env, run.command).flatMap(hostsIn)],
    users: [...new Set([userName(), env['USER'], env['LOGNAME'], env['SUDO_USER']])].flatMap(
      (name) => name ?? [],
    ),
    folders: [
      { path: resolve(run.folder), shown: 'RUN' },
      { path: root, shown: 'KATAFARM' },
      { path: cwd, shown: 'FOLDER' },
      { path: home, shown: '~' },
      ...(cache ? [{ path: resolve(cwd, cache), shown: 'CACHE' }] : []),
      { path: tmpdir(), shown: 'TMP' },
    ],
    addresses: links
      .filter(({ internal }) => !internal)
      .flatMap(({ address, mac }) => [address.split('%')[0] ?? '', mac]),
  };
}

/** A mirror or proxy may be reachable by nobody else, and its name says where. */
function urlsOf(env: Context['env'], command: readonly string[]): readonly string[] {
  const proxies = ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const urls = ['KATAFARM_MIRROR', ...proxies].flatMap((name) => env[name] ?? []);
  return [...urls, ...command.filter((word) => word.includes('://'))];
}

function hostsIn(url: string): readonly string[] {
  const name = URL.parse(url.slice(Math.max(0, url.search(/[a-z]+:\/\//i))))?.hostname;
  return name ? [name] : [];
}

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in passwd has no name to be told.
    return undefined;
  }
}
