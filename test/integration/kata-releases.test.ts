import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { haveKata } from '../../src/install/kata/have-kata.ts';
import { github, type KataOptions, repository } from '../../src/install/kata/options.ts';
import { answering, type Fault, type GithubServer, githubServer } from '../support/github-server.ts';
import { goEntries, staticEntries, writeArchive } from '../support/kata-archives.ts';

const never = new AbortController().signal;
const version = '4.1.0';
const release = `/repos/${repository}/releases/tags/${version}`;
const downloads = `/${repository}/releases/download/${version}`;
const names = {
  static: `kata-static-${version}-amd64.tar.zst`,
  go: `kata-go-static-${version}-amd64.tar.zst`,
};

let folder = '';
let server: GithubServer;
let told: string[] = [];
let archives: { readonly static: Buffer; readonly go: Buffer };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'));
  server = await githubServer();
  told = [];
  const made = async (name: string, entries: typeof goEntries) =>
    readFile(await writeArchive(join(folder, name), entries));
  archives = { static: await made('static.tar.zst', staticEntries), go: await made('go.tar.zst', goEntries) };
  publish({ digest: true });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Puts a release on the server: assets by a redirect to another origin, as GitHub does. */
function publish({ digest = false, others = [] as readonly string[] }): void {
  const assets = ([['static'], ['go']] as const).map(([kind]) => {
    server.pages.set(`${downloads}/${names[kind]}`, new URL(`${server.storage}/blob/${names[kind]}`));
    server.pages.set(`/blob/${names[kind]}`, archives[kind]);
    return {
      name: names[kind],
      browser_download_url: `${server.url}${downloads}/${names[kind]}`,
      digest: digest ? `sha256:${sha256(archives[kind])}` : null,
    };
  });
  const more = others.map((name) => ({ name, browser_download_url: `${server.url}${downloads}/${name}` }));
  server.pages.set(release, { tag_name: version, assets: [...assets, ...more] });
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
  const request = { source: `upstream:${version}` } as const;
  return haveKata(request, { ...options, ...otherwise }, (line) => told.push(line), never);
};

async function refusalOf(having: Promise<unknown>): Promise<UserError> {
  const error = await having.then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe('a release', () => {
  it('is fetched with all its archives, known by the digests of the release API', async () => {
    const had = await have();

    expect(had?.build).toMatchObject({ version, trust: 'release-api', runtimes: ['rust', 'go'] });
    expect(await readdir(join(folder, 'cache/kata/downloads'))).toEqual([]);
  });

  it('is not asked for again once it is in the cache, not even offline', async () => {
    await have();
    server.asked.length = 0;

    const again = await have({ offline: true });

    expect(again?.build.trust).toBe('release-api');
    expect(server.asked).toEqual([]);
  });

  it('is known by the digest in the repository before any other', async () => {
    const pinned = { [names.static]: sha256(archives.static), [names.go]: sha256(archives.go) };
    publish({ digest: false });

    expect((await have({ pinned }))?.build.trust).toBe('pinned');
  });

  it('is known by the checksum file beside it before the release API', async () => {
    publish({ digest: true, others: [`${names.static}.sha256`, `${names.go}.sha256sum`] });
    server.pages.set(
      `${downloads}/${names.static}.sha256`,
      Buffer.from(`${sha256(archives.static)}  ${names.static}\n`),
    );
    server.pages.set(
      `${downloads}/${names.go}.sha256sum`,
      Buffer.from(`${sha256(archives.go).toUpperCase()}\n`),
    );

    expect((await have())?.build.trust).toBe('checksum');
  });

  it('is refused before it is fetched where nobody vouches for it', async () => {
    publish({ digest: false });

    const { message, exitCode } = await refusalOf(have());

    expect(message).toMatch(
      /cannot tell whether kata-static-4\.1\.0-amd64\.tar\.zst is the publisher's.*--trust-first/,
    );
    expect(exitCode).toBe(2);
    expect(server.asked.filter((path) => path.includes('/blob/'))).toEqual([]);
  });

  it('is taken all the same where its user trusts it, which is said', async () => {
    publish({ digest: false });

    const had = await have({ trustFirst: true });

    expect(had?.build.trust).toBe('first-use');
    expect(told).toContainEqual(
      expect.stringMatching(
        `nobody vouches for ${names.static}: first-use, with sha256 ${sha256(archives.static)}`,
      ),
    );
  });

  it('is refused and thrown away where it has another digest, trusted or not', async () => {
    server.pages.set(`/blob/${names.static}`, Buffer.concat([archives.static, Buffer.from('!')]));

    const { message, exitCode } = await refusalOf(have({ trustFirst: true }));

    expect(message).toMatch(
      /cannot use kata-static-4\.1\.0-amd64\.tar\.zst as it came: its sha256 is [0-9a-f]{64}, and should be/,
    );
    expect(exitCode).toBe(3);
    server.pages.set(`/blob/${names.static}`, archives.static);
    expect((await have())?.build.trust).toBe('release-api');
  });

  it('is fetched from where it broke off', async () => {
    const half = Math.floor(archives.static.length / 2);
    server.faults.push(({ url }, response) => {
      if (url !== `/blob/${names.static}`) {
        return false;
      }
      response.writeHead(200, { etag: etagOf(archives.static), 'content-length': archives.static.length });
      response.write(archives.static.subarray(0, half), () => setTimeout(() => response.destroy(), 100));
      return true;
    });

    expect((await have())?.build.trust).toBe('release-api');

    expect(server.asked).toContain(`/blob/${names.static} bytes=${half}-`);
  });

  it('is fetched from its beginning where it is another one by now', async () => {
    server.faults.push(({ url }, response) => {
      if (url !== `/blob/${names.static}`) {
        return false;
      }
      response.writeHead(200, { etag: '"another"', 'content-length': 1000 });
      response.write('x'.repeat(500), () => setTimeout(() => response.destroy(), 100));
      return true;
    });

    expect((await have())?.build.trust).toBe('release-api');
  });

  it('is had after a server that stumbled', async () => {
    server.faults.push(
      answering(/releases\/tags/, 500),
      answering(/releases\/tags/, 502),
      answering(/blob/, 503),
    );

    expect((await have())?.build.trust).toBe('release-api');
  });

  it('is given up where a server only stumbles', async () => {
    server.faults.push(...Array.from({ length: 20 }, () => answering(/releases\/tags/, 500)));

    const { message, exitCode } = await refusalOf(have());

    expect(message).toMatch(/answered 500; look at the network and its proxy.*--kata file:PATH/);
    expect(exitCode).toBe(3);
    expect(server.asked).toHaveLength(4);
  });

  it('is given up where a connection stands still', async () => {
    const silent: Fault = ({ url }) => url === release;
    server.faults.push(silent, silent, silent, silent);

    const servers = { ...github, api: server.url, web: server.url, patience: 0.2, pause: 0.01 };
    const { message, exitCode } = await refusalOf(have({ servers }));

    expect(message).toMatch(/has sent nothing for 0\.2 s/);
    expect(exitCode).toBe(3);
  });

  it('is given up at the first silence by who can do without it', async () => {
    server.faults.push(({ url }) => url === release);

    const { message } = await refusalOf(have({ reach: 0.2 }));

    expect(message).toMatch(/has sent nothing for 0\.2 s/);
    expect(server.asked).toHaveLength(1);
  });

  it('is waited for as ever by who can do without it, once its server has answered', async () => {
    server.faults.push(answering(/releases\/tags/, 500), ({ url }, response) => {
      if (url !== release) {
        return false;
      }
      response.writeHead(200).flushHeaders();
      setTimeout(() => response.end(JSON.stringify(server.pages.get(release))), 1_500);
      return true;
    });

    expect((await have({ reach: 1 }))?.build.trust).toBe('release-api');
  });

  it('is fetched over a slow connection for as long as bytes come', async () => {
    server.faults.push(({ url }, response) => {
      if (url !== `/blob/${names.go}`) {
        return false;
      }
      response.writeHead(200, { 'content-length': archives.go.length });
      const pieces = Array.from({ length: 8 }, (_, index) => {
        const at = (part: number) => Math.floor((archives.go.length * part) / 8);
        return archives.go.subarray(at(index), at(index + 1));
      });
      const send = () => {
        const piece = pieces.shift();
        if (piece) {
          response.write(piece);
          setTimeout(send, 350);
        } else {
          response.end();
        }
      };
      send();
      return true;
    });

    const servers = { ...github, api: server.url, web: server.url, patience: 2, pause: 0.01 };
    expect((await have({ servers }))?.build.trust).toBe('release-api');
    expect(server.asked.filter((path) => path.startsWith(`/blob/${names.go}`))).toHaveLength(1);
  });

  it('is found by its name where the API says no more for now, and known by a digest in the repository', async () => {
    const limit = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225600' };
    server.faults.push(answering(/releases\/tags/, 403, limit));
    const pinned = { [names.static]: sha256(archives.static), [names.go]: sha256(archives.go) };
    const trusted = await have({ pinned, trustFirst: true });

    expect(trusted?.build).toMatchObject({ trust: 'pinned', runtimes: ['rust', 'go'] });
    expect(told).toContainEqual(expect.stringMatching(/says no more for now/));
  });

  it('that does not exist is somebody’s mistake', async () => {
    server.pages.delete(release);

    const { message, exitCode } = await refusalOf(have());

    expect(message).toMatch(/cannot find Kata 4\.1\.0: there is no such release; say one that there is/);
    expect(exitCode).toBe(2);
  });

  it('without an archive for amd64 is none', async () => {
    server.pages.set(release, { assets: [] });

    expect((await refusalOf(have())).message).toMatch(/cannot find an archive of Kata 4\.1\.0 for amd64/);
  });

  it('is had from nowhere without a network, which is no mistake', async () => {
    const { url } = server;
    const servers = { ...github, api: url, web: url, patience: 5, pause: 0.01 };
    await server[Symbol.asyncDispose]();
    server = await githubServer();

    const { message, exitCode } = await refusalOf(have({ servers }));

    expect(message).toMatch(/cannot have .*ECONNREFUSED.*look at the network and its proxy/);
    expect(exitCode).toBe(3);
  });

  it('is not looked for offline', async () => {
    const { message, exitCode } = await refusalOf(have({ offline: true }));

    expect(message).toMatch(/cannot have Kata 4\.1\.0 offline: it is not in the cache/);
    expect(exitCode).toBe(3);
    expect(server.asked).toEqual([]);
  });

  it('is not believed where a proxy answers in its place', async () => {
    server.pages.set(release, { please: 'log in' });

    expect((await refusalOf(have())).message).toMatch(/cannot read what .* answered: .*is it a proxy/);
  });
});

function etagOf(bytes: Buffer): string {
  return `"${sha256(bytes).slice(0, 16)}"`;
}
