import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, createServer, request as overHttp, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { katasOf } from '../../src/commands/katas.ts';
import { withProxies } from '../../src/commands/with-proxies.ts';
import { fetchBytes } from '../../src/download/fetch-bytes.ts';
import { UserError } from '../../src/errors.ts';
import { haveKata } from '../../src/install/kata/have-kata.ts';
import { github as manners, repository } from '../../src/install/kata/options.ts';
import { recordedContext } from '../support/context.ts';
import { type GithubServer, githubServer } from '../support/github-server.ts';
import { staticEntries, writeArchive } from '../support/kata-archives.ts';

const never = new AbortController().signal;

let folder = '';
let github: GithubServer;
let proxy: Server;
/** Whom it was asked for a way to. */
let asked: string[] = [];
/** Where it leads, whoever was asked for; nowhere: it refuses. */
let way: GithubServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proxies-'));
  github = await githubServer();
  asked = [];
  way = undefined;
  // What is asked for by http is asked for by its whole address (RFC 9112, 3.2.2), and no way is asked for.
  proxy = createServer((request, response) => {
    const url = new URL(request.url ?? '');
    asked.push(`${url.hostname}:${url.port || 80}`);
    if (!way) {
      response.writeHead(501).end();
      return;
    }
    const { host: _, ...headers } = request.headers;
    overHttp(`${way.url}${url.pathname}`, { headers, agent: new Agent() }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }).end();
  });
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    if (!way) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const there = connect(Number(new URL(way.url).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(there).pipe(socket);
    });
    for (const end of [socket, there]) {
      end.on('error', () => {
        socket.destroy();
        there.destroy();
      });
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});

afterEach(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await github[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const proxyUrl = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

const surroundings = (env: Readonly<Record<string, string>>) =>
  recordedContext({
    cwd: folder,
    env: { PATH: process.env['PATH'], KATAFARM_CACHE: join(folder, 'cache'), ...env },
  });

async function refusalOf(having: Promise<unknown>): Promise<UserError> {
  const error = await having.then(
    () => new Error('it was had'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe('a proxy that the environment names', () => {
  it.each([['HTTPS_PROXY'], ['https_proxy']])('is the way to releases: %s', async (name) => {
    const context = surroundings({ [name]: proxyUrl() });

    const { noKata } = await katasOf(context, {}, 'have');

    expect(asked).toEqual(['api.github.com:443']);
    expect(noKata).toMatch(/^Kata \S+ is not to be had: cannot .*Failed to establish tunnel to .*403/);
  });

  it('brings a release, from servers that this host does not know', async () => {
    way = github;
    const bytes = await readFile(await writeArchive(join(folder, 'kata.tar.zst'), staticEntries));
    const name = 'kata-static-4.1.0-amd64.tar.zst';
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    github.pages.set(`/${name}`, bytes);
    github.pages.set(`/repos/${repository}/releases/tags/4.1.0`, {
      assets: [{ name, browser_download_url: `http://releases.invalid/${name}`, digest }],
    });
    const servers = {
      ...manners,
      api: 'http://api.invalid',
      web: 'http://releases.invalid',
      patience: 5,
      pause: 0.01,
    };
    const options = {
      cache: join(folder, 'cache'),
      now: () => new Date(),
      trustFirst: false,
      offline: false,
    };

    const had = await withProxies({ env: { HTTP_PROXY: proxyUrl() } }, () =>
      haveKata({ source: 'upstream:4.1.0' }, { ...options, servers }, () => {}, never),
    );

    expect(had?.build.trust).toBe('release-api');
    expect([...new Set(asked)]).toEqual(['api.invalid:80', 'releases.invalid:80']);
  });

  it('is not asked for what NO_PROXY names', async () => {
    const env = { HTTP_PROXY: proxyUrl(), NO_PROXY: '127.0.0.1' };

    const found = await withProxies({ env }, () => fetchBytes(`${github.url}/nothing`, manners, never));

    expect(found).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('is asked no more once the download is over, be it in vain', async () => {
    const env = { HTTP_PROXY: proxyUrl() };
    const failing = withProxies({ env }, () => Promise.reject(new Error('in vain')));
    await expect(failing).rejects.toThrow('in vain');

    const found = await fetchBytes(`${github.url}/nothing`, manners, never);

    expect(found).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('is asked nothing offline, nor for a plan', async () => {
    const context = surroundings({ HTTPS_PROXY: proxyUrl() });

    await katasOf(context, { offline: true }, 'have');
    await katasOf(context, {}, 'look');

    expect(asked).toEqual([]);
  });

  it.each([['proxy.example.org:3128'], ['10.0.0.1:3128'], ['http://me:secret@not a host']])(
    'is a mistake where it is no address, which is not shown: %s',
    async (address) => {
      const kata = [{ source: 'upstream:4.0.0' as const }];

      const { message, exitCode } = await refusalOf(
        katasOf(surroundings({ HTTPS_PROXY: address }), { kata }, 'have'),
      );

      expect(exitCode).toBe(2);
      expect(message).toMatch(/^cannot use what HTTPS_PROXY or HTTP_PROXY names.*http:\/\/HOST:PORT$/);
      expect(message).not.toContain('secret');
    },
  );
});
