import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pullReference } from '../../../src/providers/docker/image-pull.ts';

const reference = 'registry.example.org/debian:13';
const never = new AbortController().signal;

let folder = '';
let engine: Server;
/** What was sent along with a pull, in base64. */
let sent: string | undefined;
let has: boolean;
let answer: { readonly status: number; readonly body: object };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-pull-'));
  [sent, has, answer] = [undefined, false, { status: 200, body: { status: 'Pull complete', id: 'a1' } }];
  engine = createServer((request, response) => {
    if (request.url?.includes('/images/create')) {
      sent = request.headers['x-registry-auth'] as string | undefined;
      has ||= answer.status === 200;
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(answer.body)}\n`);
    } else {
      response.writeHead(has ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ Id: 'sha256:1', RepoDigests: ['registry.example.org/debian@sha256:2'] }));
    }
  }).listen(join(folder, 'socket'));
  await once(engine, 'listening');
});
afterEach(async () => {
  engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function loggedIn(): Promise<void> {
  const auth = Buffer.from('me:secret').toString('base64');
  await writeFile(
    join(folder, 'config.json'),
    JSON.stringify({ auths: { 'registry.example.org': { auth } } }),
  );
}

const pulled = () =>
  pullReference(
    new Docker({ socketPath: join(folder, 'socket') }),
    reference,
    { DOCKER_CONFIG: folder },
    () => {},
    never,
  );

describe('a reference', () => {
  it('is pulled with the login of its registry, and named by its digest', async () => {
    await loggedIn();

    expect(await pulled()).toEqual({ engineId: 'sha256:1', digest: 'registry.example.org/debian@sha256:2' });
    expect(JSON.parse(Buffer.from(sent ?? '', 'base64url').toString())).toEqual({
      ...{ serveraddress: 'registry.example.org', username: 'me', password: 'secret' },
    });
  });

  it('is pulled without one where there is none', async () => {
    await pulled();

    expect(sent).toBeUndefined();
  });

  it.each([
    ['refuses', 401, 'no basic auth credentials', /or log in by `docker login registry\.example\.org`/],
    ['does not have it', 404, 'manifest unknown', /; check images\.docker\.reference in its file$/],
    ['is not reached', 500, 'dial tcp: i/o timeout', /does not reach the registry/],
  ])('that its registry %s is refused with what to do', async (_, status, message, words) => {
    answer = { status, body: { message } };

    await expect(pulled()).rejects.toThrow(words);
  });

  it('that a login does not open says that it was sent along', async () => {
    await loggedIn();
    answer = { status: 401, body: { message: 'unauthorized: authentication required' } };

    await expect(pulled()).rejects.toThrow(
      /the login of `docker login registry\.example\.org` was sent along/,
    );
  });

  it('that the engine has is taken as it is where no registry gives it', async () => {
    has = true;
    answer = { status: 500, body: { message: 'dial tcp: i/o timeout' } };

    expect((await pulled()).engineId).toBe('sha256:1');
  });
});
