import { release } from 'node:os';
import type Docker from 'dockerode';
import { UserError } from '../../errors.ts';
import { untilAborted } from '../../machine/limit.ts';
import type { EnginePlace, Way } from './engine-place.ts';
import { sshAgent } from './ssh-agent.ts';

/** An engine that answered. */
export interface Engine {
  readonly docker: Docker;
  readonly place: EnginePlace;
  /** `Docker 20.10.24`, for people. */
  readonly title: string;
  /** Its containers run on this very kernel. */
  readonly here: boolean;
}

/** An engine's answer to a request may take so long, where nothing is pulled or built by it. */
const patienceMs = 30_000;

/** Asks the engine who it is. Throws a UserError (exit 3) that says what to do where it doesn't answer. */
export async function connect(place: EnginePlace, signal: AbortSignal): Promise<Engine> {
  // Loaded for whoever speaks to an engine alone: it takes longer than most verbs.
  const { default: Client } = await import('dockerode');
  const docker = new Client(optionsFor(place.way));
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const [version, info] = await untilAborted(Promise.all([docker.version(), docker.info()]), limit);
    const name = /podman/i.test(JSON.stringify(version.Components ?? [])) ? 'Podman' : 'Docker';
    const here = place.way.kind === 'unix' && info.KernelVersion === release();
    return { docker, place, title: `${name} ${version.Version}`, here };
  } catch (cause) {
    signal.throwIfAborted();
    throw unreachable(place, cause as Error);
  }
}

/** dockerode's own options. It reads DOCKER_HOST again by itself, so that whatever is not meant is said to be nothing. */
function optionsFor(way: Way): Docker.DockerOptions {
  const nothing = { socketPath: undefined, host: undefined, port: undefined, pathPrefix: '/' };
  switch (way.kind) {
    case 'unix':
      return { ...nothing, protocol: 'http', socketPath: way.path } as Docker.DockerOptions;
    case 'tcp': {
      const { host, port, tls } = way;
      const secrets = { ca: tls?.ca, cert: tls?.cert, key: tls?.key };
      const lax = tls?.unverified && { checkServerIdentity: () => undefined };
      return {
        ...{ ...nothing, host, port, protocol: tls ? 'https' : 'http', ...secrets, ...lax },
      } as Docker.DockerOptions;
    }
    case 'ssh':
      return {
        ...{ ...nothing, host: 'engine', port: 80, protocol: 'http', agent: sshAgent(way) },
      } as unknown as Docker.DockerOptions;
    default:
      return way satisfies never;
  }
}

/** What to do about an engine that doesn't answer, by how it doesn't; the first that fits. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /ENOENT|ECONNREFUSED/,
    "start it (systemctl start docker), or name another by DOCKER_HOST; Debian's package is docker.io",
  ],
  [/EACCES/, 'this user may not open its socket: be in the group docker, or root'],
  [
    /certificate|self.signed|TLS|SSL|ECONNRESET|socket hang up/i,
    'check DOCKER_CERT_PATH and the port: TLS is usually 2376',
  ],
  [/ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT/, 'check the name and the network'],
  [/ssh/, 'try it by hand: ssh HOST docker system dial-stdio'],
];

function unreachable({ url, named }: EnginePlace, cause: Error): UserError {
  const { code } = cause as NodeJS.ErrnoException;
  const said = [code, cause.message].filter(Boolean).join(' ');
  const hint =
    hints.find(([pattern]) => pattern.test(said))?.[1] ?? 'try `docker version` with the same DOCKER_HOST';
  return new UserError(`cannot reach the container engine at ${url} (${named}): ${cause.message}; ${hint}`, {
    exitCode: 3,
    cause,
  });
}

/** Whether the engine answered that there is no such thing; it has gone by itself. */
export function isMissing(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 404;
}

/** Whether the engine answered that something else stands in the way of what was asked. */
export function isConflict(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 409;
}

/** The engine's own words, less dockerode's. */
export function saidBy(error: unknown): string {
  const { json, message } = error as { json?: { message?: string }; message?: string };
  const said = json?.message ?? message ?? String(error);
  return said.replace(/^\(HTTP code \d+\) [\w ]+ - /, '').trim();
}
