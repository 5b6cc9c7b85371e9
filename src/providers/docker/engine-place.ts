import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';

/** What is asked of the environment, by the names that Docker's own client reads. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where an engine is, and how it is spoken to. */
export interface EnginePlace {
  /** As a person names it: `unix:///var/run/docker.sock`. */
  readonly url: string;
  /** What named it: `DOCKER_HOST`, `context NAME`, or `the default`. */
  readonly named: string;
  readonly way: Way;
}

export type Way =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: Tls }
  | { readonly kind: 'ssh'; readonly destination: string; readonly port?: number };

/** PEM texts. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The server's certificate isn't checked: a context says so. */
  readonly unverified?: true;
}

const usual = 'unix:///var/run/docker.sock';

/**
 * Finds the engine as Docker's client does: DOCKER_HOST, else DOCKER_CONTEXT, else the configuration's current context,
 * else the usual socket. Throws a UserError where what is named can't be read.
 */
export async function engineAt(env: Environment): Promise<EnginePlace> {
  const given = env['DOCKER_HOST'];
  if (given) {
    return { url: given, named: 'DOCKER_HOST', way: wayOf(given, await tlsOf(env), 'DOCKER_HOST') };
  }
  const folder = env['DOCKER_CONFIG'] || join(env['HOME'] ?? '/root', '.docker');
  const name = env['DOCKER_CONTEXT'] || (await currentContext(folder));
  return name && name !== 'default'
    ? contextAt(folder, name)
    : { url: usual, named: 'the default', way: wayOf(usual, undefined, 'the default') };
}

/** What a URL means; `named` is for the complaint. Pure. */
export function wayOf(url: string, tls: Tls | undefined, named: string): Way {
  if (url.startsWith('unix://')) {
    return { kind: 'unix', path: url.slice('unix://'.length) || '/var/run/docker.sock' };
  }
  const read = URL.parse(url.includes('://') ? url : `tcp://${url}`);
  const port = read?.port ? Number(read.port) : undefined;
  switch (read?.hostname ? read.protocol : '') {
    case 'tcp:':
    case 'http:':
    case 'https:':
      return {
        kind: 'tcp',
        host: read?.hostname ?? '',
        port: port ?? (tls ? 2376 : 2375),
        ...(tls && { tls }),
      };
    case 'ssh:':
      return {
        kind: 'ssh',
        destination: `${read?.username ? `${decodeURIComponent(read.username)}@` : ''}${read?.hostname}`,
        ...(port && { port }),
      };
    default:
      throw new UserError(
        `cannot use the engine "${url}" (${named}): say unix:///PATH, tcp://HOST:PORT or ssh://USER@HOST`,
      );
  }
}

/** TLS as DOCKER_TLS_VERIFY and DOCKER_CERT_PATH ask for it. */
async function tlsOf(env: Environment): Promise<Tls | undefined> {
  const folder = env['DOCKER_CERT_PATH'];
  if (!folder) {
    return env['DOCKER_TLS_VERIFY'] ? {} : undefined;
  }
  const tls = await pemsIn(folder);
  if (!tls.ca && env['DOCKER_TLS_VERIFY']) {
    throw new UserError(`cannot read ${join(folder, 'ca.pem')}, where DOCKER_CERT_PATH has it looked for`);
  }
  return tls;
}

async function pemsIn(folder: string): Promise<Tls> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) =>
      readFile(join(folder, name), 'utf8').catch(() => undefined),
    ),
  );
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

async function currentContext(folder: string): Promise<string | undefined> {
  const file = join(folder, 'config.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return (parsed(text, file) as { currentContext?: string }).currentContext;
}

/** A context's folder is named by the sha256 of its name (docker/cli, cli/context/store). */
async function contextAt(folder: string, name: string): Promise<EnginePlace> {
  const id = createHash('sha256').update(name).digest('hex');
  const file = join(folder, 'contexts', 'meta', id, 'meta.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new UserError(
      `cannot find the context "${name}" (${file}): \`docker context ls\` names those that there are, or set DOCKER_HOST`,
    );
  }
  const meta = parsed(text, file) as {
    readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
  };
  const { Host: url = '', SkipTLSVerify: unverified } = meta.Endpoints?.docker ?? {};
  const pems = await pemsIn(join(folder, 'contexts', 'tls', id, 'docker'));
  const secured = unverified || Object.keys(pems).length > 0;
  const tls: Tls | undefined = secured ? { ...pems, ...(unverified && { unverified }) } : undefined;
  const named = `context ${name}`;
  return { url, named, way: wayOf(url, tls, named) };
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError(`cannot read ${file}: it is not JSON`, { cause });
  }
}
