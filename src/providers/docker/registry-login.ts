import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tell } from '../../machine/machine.ts';
import { askHelper } from './credential-helper.ts';
import type { Environment } from './engine-place.ts';

/** A login as engines take it with a pull. */
export type Login =
  | { readonly serveraddress: string; readonly username: string; readonly password: string }
  | { readonly serveraddress: string; readonly identitytoken: string }
  | { readonly serveraddress: string; readonly registrytoken: string };

/** Docker Hub's name in Docker's configuration, from the time of its first protocol. */
const hub = 'https://index.docker.io/v1/';

/** The registry that a reference in full names, as Docker's configuration calls it. Pure. */
export function registryOf(reference: string): string {
  const [host = ''] = reference.split('/');
  return /^(index\.|registry-1\.)?docker\.io$/.test(host) ? hub : host;
}

interface Entry {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

interface Config {
  readonly auths?: Readonly<Record<string, Entry>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/**
 * The login to a reference's registry, from where `docker login` put it: the helper that `config.json` names for the registry,
 * else the one for all, else the file itself. Undefined: there is none, and the registry is asked without.
 */
export async function loginFor(
  reference: string,
  env: Environment,
  tell: Tell,
  signal: AbortSignal,
): Promise<Login | undefined> {
  const registry = registryOf(reference);
  const file = join(env['DOCKER_CONFIG'] || join(env['HOME'] ?? '/root', '.docker'), 'config.json');
  const config = parsed(await readFile(file, 'utf8').catch(() => '{}'));
  if (!config) {
    tell(`${reference}: pulled without a login, as ${file} is not JSON`);
    return undefined;
  }
  const helper = config.credHelpers?.[registry] ?? config.credsStore;
  if (helper) {
    const had = await askHelper(helper, registry, env, signal);
    if ('trouble' in had) {
      tell(`${reference}: docker-credential-${helper}, which ${file} names, gives no login: ${had.trouble}`);
    } else if (had.username !== undefined) {
      return loginOf(registry, had);
    }
  }
  const entry = Object.entries(config.auths ?? {}).find(([name]) => hostOf(name) === hostOf(registry))?.[1];
  return entry && loginOf(registry, entry);
}

/** Docker's client writes hosts; files by hand and old ones have whole addresses. */
function hostOf(name: string): string {
  return name.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

/** An identity token stands for name and password; a helper tells of one by the name `<token>`. */
function loginOf(serveraddress: string, entry: Entry): Login | undefined {
  const { identitytoken, registrytoken } = entry;
  if (identitytoken) {
    return { serveraddress, identitytoken };
  }
  if (registrytoken) {
    return { serveraddress, registrytoken };
  }
  const [, name, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(entry.auth ?? '', 'base64').toString()) ?? [];
  const username = entry.username || name;
  const password = entry.password || secret?.replace(/\0+$/, '');
  if (!username || !password) {
    return undefined;
  }
  return username === '<token>'
    ? { serveraddress, identitytoken: password }
    : { serveraddress, username, password };
}

function parsed(text: string): Config | undefined {
  try {
    const config: unknown = JSON.parse(text);
    return typeof config === 'object' && config !== null ? config : undefined;
  } catch {
    return undefined;
  }
}
