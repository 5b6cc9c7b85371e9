import { once } from 'node:events';
import { spawnBound } from '../../host/bound-child.ts';
import { untilAborted } from '../../machine/limit.ts';
import type { Environment } from './engine-place.ts';

/** A helper that asks a person for a password waits for ever. */
const patienceMs = 20_000;

/** What a helper answers with: a login, that it has none, or why it can't tell. */
export type Helped =
  | { readonly username: string; readonly password: string }
  | { readonly username?: undefined }
  | { readonly trouble: string };

/**
 * Asks a credential helper, as Docker's client does (docker/docker-credential-helpers): the registry on the input of
 * `docker-credential-NAME get`, JSON on its output.
 */
export async function askHelper(
  name: string,
  registry: string,
  env: Environment,
  signal: AbortSignal,
): Promise<Helped> {
  // A name that leads elsewhere is no program's.
  if (!/^[\w.-]+$/.test(name)) {
    return { trouble: `"${name}" is no helper's name` };
  }
  const child = spawnBound([`docker-credential-${name}`, 'get'], { stdio: ['pipe', 'pipe', 'pipe'], env });
  let out = '';
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-500);
  });
  // One that is gone already has read nothing, and says why by its status.
  child.stdin?.on('error', () => {});
  child.stdin?.end(registry);

  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const [code] = (await untilAborted(once(child, 'close'), limit)) as [number | null];
    return answered(code, out, said);
  } catch (error) {
    signal.throwIfAborted();
    child.kill('SIGKILL');
    return { trouble: (error as Error).message };
  }
}

function answered(code: number | null, out: string, said: string): Helped {
  if (code === 127) {
    return { trouble: 'there is no such program' };
  }
  if (code !== 0) {
    // Its own words for "none", which go to its output.
    const isNone = /credentials not found/i.test(out);
    return isNone
      ? {}
      : { trouble: (out.trim() || said.trim() || `it ended with ${code}`).split('\n')[0] ?? '' };
  }
  try {
    const { Username: username = '', Secret: password = '' } = JSON.parse(out) as Record<string, string>;
    return username && password ? { username, password } : {};
  } catch {
    return { trouble: 'its answer is not JSON' };
  }
}
