import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { haveKata } from '../../src/install/kata/have-kata.ts';
import { github, type KataOptions, repository } from '../../src/install/kata/options.ts';
import { type GithubServer, githubServer } from '../support/github-server.ts';
import { goEntries, staticEntries, writeArchive } from '../support/kata-archives.ts';
import { zipOf } from '../support/zip.ts';

const never = new AbortController().signal;
const sha = 'a'.repeat(40);
const api = `/repos/${repository}`;
const names = ['kata-static', 'kata-go-static'].map((kind) => `${kind}-tarball-amd64-13514-${sha}`);

let folder = '';
let server: GithubServer;
let zips: readonly Buffer[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pull-'));
  server = await githubServer();
  const made = async (name: string, entries: typeof goEntries) =>
    zipOf([{ name, data: await readFile(await writeArchive(join(folder, name), entries)) }]);
  zips = [await made('kata-static.tar.zst', staticEntries), await made('kata-go-static.tar.zst', goEntries)];
  server.pages.set(`${api}/pulls/13514`, { number: 13514, head: { sha } });
  server.pages.set(`${api}/actions/runs/7`, ours);
  build();
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const ours = { id: 7, event: 'pull_request_target', path: '.github/workflows/ci-on-push.yaml' };

/** What CI has left; the API is asked for one name at a time, and answers with all that it was given. */
function build(otherwise: Readonly<Record<string, unknown>> = {}): void {
  const artifacts = zips.map((zip, index) => {
    server.pages.set(
      `${api}/actions/artifacts/${index}/zip`,
      new URL(`${server.storage}/zip/${index}?signed`),
    );
    server.pages.set(`/zip/${index}`, zip);
    return {
      name: names[index],
      archive_download_url: `${server.url}${api}/actions/artifacts/${index}/zip`,
      expired: false,
      created_at: '2026-08-20T10:00:00Z',
      digest: `sha256:${createHash('sha256').update(zip).digest('hex')}`,
      workflow_run: { id: 7 },
      ...otherwise,
    };
  });
  server.pages.set(`${api}/actions/artifacts`, { total_count: artifacts.length, artifacts });
}

const have = (otherwise: Partial<KataOptions> = {}) => {
  const servers = { ...github, api: server.url, web: server.url, patience: 5, pause: 0.01 };
  const options = {
    cache: join(folder, 'cache'),
    now: () => new Date(),
    trustFirst: false,
    offline: false,
    servers,
  };
  return haveKata({ source: 'pr:13514' }, { ...options, token: 'secret', ...otherwise }, () => {}, never);
};

async function refusalOf(having: Promise<unknown>): Promise<UserError> {
  const error = await having.then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe('the build of a pull request', () => {
  it('is had from the artifacts of its newest commit', async () => {
    const had = await have();

    expect(had?.build).toMatchObject({ source: 'pr:13514', trust: 'release-api', runtimes: ['rust', 'go'] });
  });

  it('is asked for with the token, which storage elsewhere never sees', async () => {
    await have();

    const [front, back] = [
      server.asked.filter((line) => !line.startsWith('/zip/')),
      server.asked.filter((line) => line.startsWith('/zip/')),
    ];
    expect(front.every((line) => line.endsWith('with a token'))).toBe(true);
    expect(back).toHaveLength(2);
    expect(back.some((line) => line.includes('token'))).toBe(false);
  });

  it('is not fetched again while the pull request stands where it stood, and is there offline', async () => {
    const first = await have();
    server.asked.length = 0;

    const second = await have();
    const offline = await have({ offline: true, token: undefined });

    expect(server.asked).toHaveLength(1);
    expect([second?.build.digest, offline?.build.digest]).toEqual([first?.build.digest, first?.build.digest]);
  });

  it('needs a token, which is said before anything is asked', async () => {
    const { message, exitCode } = await refusalOf(have({ token: undefined }));

    expect(message).toMatch(
      /cannot have the build of pull request 13514 without a token: .*set GITHUB_TOKEN/,
    );
    expect(exitCode).toBe(2);
    expect(server.asked).toEqual([]);
  });

  it('that nobody opened is somebody’s mistake', async () => {
    server.pages.delete(`${api}/pulls/13514`);

    expect((await refusalOf(have())).message).toMatch(/cannot find pull request 13514 of kata-containers/);
  });

  it('is gone once its artifacts have expired', async () => {
    build({ expired: true });

    const { message, exitCode } = await refusalOf(have());

    expect(message).toMatch(/it has expired, as builds do after 15 days: have it built anew/);
    expect(exitCode).toBe(2);
  });

  it('is gone as well where its artifact expires in this very moment', async () => {
    server.pages.delete('/zip/0');

    expect((await refusalOf(have())).message).toMatch(/it expired a moment ago/);
  });

  it('is not there yet while CI is at work', async () => {
    server.pages.set(`${api}/actions/artifacts`, { total_count: 0, artifacts: [] });

    expect((await refusalOf(have())).message).toMatch(/there is none of its newest commit: wait for its CI/);
  });

  it.each([
    ['another event', { event: 'pull_request' }],
    ['another workflow', { path: '.github/workflows/evil.yaml' }],
  ])('is not taken from %s, which may use its name', async (_, otherwise) => {
    server.pages.set(`${api}/actions/runs/7`, { ...ours, ...otherwise });

    expect((await refusalOf(have())).message).toMatch(/there is none of its newest commit/);
  });

  it('is refused with another digest, and without one unless it is trusted', async () => {
    build({ digest: `sha256:${'0'.repeat(64)}` });
    expect((await refusalOf(have())).message).toMatch(
      /its sha256 is .*, and should be 0{64} \(release-api\)/,
    );

    build({ digest: null });
    expect((await refusalOf(have())).message).toMatch(/cannot tell whether .*--trust-first/);
    expect((await have({ trustFirst: true }))?.build.trust).toBe('first-use');
  });

  it('says what to look at where the token is refused', async () => {
    server.faults.push((_, response) => {
      response.writeHead(401).end();
      return true;
    });

    const { message, exitCode } = await refusalOf(have());

    expect(message).toMatch(/answered 401; look at GITHUB_TOKEN/);
    expect(exitCode).toBe(3);
  });

  it('says until when the API says no more', async () => {
    server.faults.push((_, response) => {
      response.writeHead(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225600' }).end();
      return true;
    });

    expect((await refusalOf(have())).message).toMatch(
      /any more until 2026-01-01T00:00:00\.000Z: it limits how often/,
    );
  });
});
