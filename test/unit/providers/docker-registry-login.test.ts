import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loginFor, registryOf } from '../../../src/providers/docker/registry-login.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-login-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const auth = (text: string) => Buffer.from(text).toString('base64');
const config = (said: object | string) =>
  writeFile(join(folder, 'config.json'), typeof said === 'string' ? said : JSON.stringify(said));

/** A helper that answers for whatever registry is on its input. */
async function helper(name: string, script: string): Promise<void> {
  const file = join(folder, `docker-credential-${name}`);
  await writeFile(file, `#!/bin/sh\n[ "$1" = get ] || exit 9\nread -r registry\n${script}\n`);
  await chmod(file, 0o755);
}

async function login(reference: string) {
  const told: string[] = [];
  const env = { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env['PATH']}` };
  return { had: await loginFor(reference, env, (line) => told.push(line), never), told };
}

describe("a registry's name", () => {
  it.each([
    ['ghcr.io/kata/debian:13', 'ghcr.io'],
    ['127.0.0.1:5000/debian:13', '127.0.0.1:5000'],
    ['docker.io/library/debian:trixie', 'https://index.docker.io/v1/'],
    ['registry-1.docker.io/library/debian:trixie', 'https://index.docker.io/v1/'],
  ])('of %s is %s', (reference, registry) => {
    expect(registryOf(reference)).toBe(registry);
  });
});

describe('the login to a registry', () => {
  it('is none where nobody logged in', async () => {
    expect(await login('ghcr.io/kata/debian:13')).toEqual({ had: undefined, told: [] });
  });

  it.each([
    ['by its name', 'ghcr.io'],
    ['by a whole address', 'https://ghcr.io/v2/'],
  ])('is that of its entry, %s', async (_, name) => {
    await config({ auths: { [name]: { auth: auth('me:a:secret') }, 'quay.io': { auth: auth('you:x') } } });

    expect((await login('ghcr.io/kata/debian:13')).had).toEqual({
      ...{ serveraddress: 'ghcr.io', username: 'me', password: 'a:secret' },
    });
  });

  it("is Docker Hub's by its old name", async () => {
    await config({ auths: { 'https://index.docker.io/v1/': { auth: auth('me:secret') } } });

    expect((await login('docker.io/library/debian:trixie')).had).toMatchObject({ username: 'me' });
    expect((await login('ghcr.io/library/debian:trixie')).had).toBeUndefined();
  });

  it('is a token, where there is one in place of a password', async () => {
    await config({ auths: { 'ghcr.io': { auth: auth('me:'), identitytoken: 'tok' } } });

    expect((await login('ghcr.io/a/b:1')).had).toEqual({ serveraddress: 'ghcr.io', identitytoken: 'tok' });
  });

  it("is that of its own helper, before the store's and the file's", async () => {
    await helper(
      'own',
      `printf '{"ServerURL":"%s","Username":"me","Secret":"for %s"}' "$registry" "$registry"`,
    );
    await helper('all', 'echo \'{"Username":"<token>","Secret":"tok"}\'');
    await config({
      auths: { 'ghcr.io': {}, 'quay.io': {} },
      credsStore: 'all',
      credHelpers: { 'ghcr.io': 'own' },
    });

    expect((await login('ghcr.io/a/b:1')).had).toMatchObject({ username: 'me', password: 'for ghcr.io' });
    expect((await login('quay.io/a/b:1')).had).toEqual({ serveraddress: 'quay.io', identitytoken: 'tok' });
  });

  it('is none where its helper knows of none', async () => {
    await helper('all', 'echo "credentials not found in native keychain"; exit 1');
    await config({ credsStore: 'all' });

    expect(await login('ghcr.io/a/b:1')).toEqual({ had: undefined, told: [] });
  });

  it.each([
    ['is not there', 'none', 'exit 0', 'there is no such program'],
    ['is broken', 'all', 'echo "pass is not initialised" >&2; exit 1', 'pass is not initialised'],
    ['says no JSON', 'all', 'echo hello', 'its answer is not JSON'],
    ['is no name', '../all', 'exit 0', "is no helper's name"],
  ])('is left out where its helper %s, and that is told', async (_, name, script, words) => {
    await mkdir(join(folder, 'docker-credential-..'));
    await helper('all', script);
    await config({ credsStore: name });

    const { had, told } = await login('ghcr.io/a/b:1');

    expect(had).toBeUndefined();
    expect(told.join()).toContain(words);
  });

  it('is left out where the file is broken, and that is told', async () => {
    await config('{');

    const { had, told } = await login('ghcr.io/a/b:1');

    expect(had).toBeUndefined();
    expect(told.join()).toContain('is not JSON');
  });
});
