import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engineAt, type Way, wayOf } from '../../../src/providers/docker/engine-place.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'home-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const secured = { ca: 'CA' };

describe('the way to an engine', () => {
  it.each<[string, typeof secured | undefined, Way]>([
    ['unix:///run/podman/podman.sock', undefined, { kind: 'unix', path: '/run/podman/podman.sock' }],
    ['unix://', undefined, { kind: 'unix', path: '/var/run/docker.sock' }],
    ['tcp://farm:1234', undefined, { kind: 'tcp', host: 'farm', port: 1234 }],
    ['tcp://farm', undefined, { kind: 'tcp', host: 'farm', port: 2375 }],
    ['tcp://farm', secured, { kind: 'tcp', host: 'farm', port: 2376, tls: secured }],
    ['farm:2375', undefined, { kind: 'tcp', host: 'farm', port: 2375 }],
    ['ssh://farm', undefined, { kind: 'ssh', destination: 'farm' }],
    ['ssh://me@farm:2222', undefined, { kind: 'ssh', destination: 'me@farm', port: 2222 }],
  ])('is read from %s', (url, tls, way) => {
    expect(wayOf(url, tls, 'DOCKER_HOST')).toEqual(way);
  });

  it.each(['npipe:////./pipe/docker_engine', 'fd://', 'tcp://', ''])('is not read from "%s"', (url) => {
    expect(() => wayOf(url, undefined, 'context farm')).toThrow(
      /cannot use the engine .*\(context farm\): say unix/,
    );
  });
});

describe('the engine', () => {
  const context = async (name: string, docker: object) => {
    const id = createHash('sha256').update(name).digest('hex');
    const meta = join(home, '.docker', 'contexts', 'meta', id);
    const tls = join(home, '.docker', 'contexts', 'tls', id, 'docker');
    await mkdir(meta, { recursive: true });
    await mkdir(tls, { recursive: true });
    await writeFile(join(meta, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker } }));
    return tls;
  };
  const current = (name: string) =>
    writeFile(join(home, '.docker', 'config.json'), JSON.stringify({ currentContext: name }));

  it('is that of the usual socket where nobody says otherwise', async () => {
    expect(await engineAt({ HOME: home })).toMatchObject({
      named: 'the default',
      way: { path: '/var/run/docker.sock' },
    });
  });

  it('is what DOCKER_HOST says, whatever context is current', async () => {
    await context('farm', { Host: 'tcp://farm:1' });
    await current('farm');

    const found = await engineAt({ HOME: home, DOCKER_HOST: 'unix:///own', DOCKER_CONTEXT: 'farm' });

    expect(found).toMatchObject({ named: 'DOCKER_HOST', way: { kind: 'unix', path: '/own' } });
  });

  it('has the keys that DOCKER_CERT_PATH holds', async () => {
    await writeFile(join(home, 'ca.pem'), 'CA');
    await writeFile(join(home, 'cert.pem'), 'CERT');
    await writeFile(join(home, 'key.pem'), 'KEY');

    const { way } = await engineAt({
      DOCKER_HOST: 'tcp://farm',
      DOCKER_CERT_PATH: home,
      DOCKER_TLS_VERIFY: '1',
    });

    expect(way).toEqual({
      kind: 'tcp',
      host: 'farm',
      port: 2376,
      tls: { ca: 'CA', cert: 'CERT', key: 'KEY' },
    });
  });

  it('is refused where it is to be verified and there is nothing to verify it by', async () => {
    const asked = engineAt({ DOCKER_HOST: 'tcp://farm', DOCKER_CERT_PATH: home, DOCKER_TLS_VERIFY: '1' });

    await expect(asked).rejects.toThrow(/cannot read .*ca\.pem/);
  });

  it('is that of the current context, with the keys that stand beside it', async () => {
    const tls = await context('farm', { Host: 'tcp://farm:2376' });
    await writeFile(join(tls, 'ca.pem'), 'CA');
    await current('farm');

    expect(await engineAt({ HOME: home })).toEqual({
      ...{ url: 'tcp://farm:2376', named: 'context farm' },
      way: { kind: 'tcp', host: 'farm', port: 2376, tls: secured },
    });
  });

  it("is that of DOCKER_CONTEXT before the configuration's", async () => {
    await context('farm', { Host: 'ssh://farm', SkipTLSVerify: false });
    await current('another');

    const found = await engineAt({ HOME: home, DOCKER_CONTEXT: 'farm' });

    expect(found.way).toEqual({ kind: 'ssh', destination: 'farm' });
  });

  it('is looked for where DOCKER_CONFIG says', async () => {
    await context('farm', { Host: 'unix:///farm', SkipTLSVerify: true });
    await current('farm');

    expect(await engineAt({ DOCKER_CONFIG: join(home, '.docker') })).toMatchObject({
      way: { path: '/farm' },
    });
  });

  it('says which context is missing, and what names those that there are', async () => {
    await expect(engineAt({ HOME: home, DOCKER_CONTEXT: 'farm' })).rejects.toThrow(
      /cannot find the context "farm" .*`docker context ls`/,
    );
  });

  it('says which file is no JSON', async () => {
    await mkdir(join(home, '.docker'));
    await writeFile(join(home, '.docker', 'config.json'), '{');

    await expect(engineAt({ HOME: home })).rejects.toThrow(/cannot read .*config\.json: it is not JSON/);
  });
});
