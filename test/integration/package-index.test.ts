import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askIndex, digestOf } from '../../src/host/package-index.ts';

const never = new AbortController().signal;
const lists = ['main/binary-amd64/Packages'];
const release = (digest: string) => `SHA256:\n ${digest} 1 main/binary-amd64/Packages\n`;

let folder = '';
let server: Server;
let texts: Record<string, string> = {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'index-'));
  server = createServer((request, response) => {
    const text = texts[request.url ?? ''];
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

/** What an image was made from, at this server. */
const sourceAt = (suite: string, digest: string) => ({
  url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${suite}/InRelease`,
  lists,
  digest: digestOf(release(digest), lists),
});

describe.skipIf(!existsSync('/usr/lib/apt/apt-helper'))('asking the archives', () => {
  it('names those whose package lists have changed', async () => {
    texts = { '/trixie/InRelease': release('aa'), '/trixie-security/InRelease': release('cc') };
    const index = [sourceAt('trixie', 'aa'), sourceAt('trixie-security', 'bb')];

    expect(await askIndex(index, folder, never)).toEqual([index[1]?.url]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says what came of it where one is not there', async () => {
    texts = { '/trixie/InRelease': release('aa') };

    const asked = askIndex([sourceAt('trixie', 'aa'), sourceAt('trixie-security', 'bb')], folder, never);

    await expect(asked).rejects.toThrow(/404/);
  });

  it('says what came of it where nobody answers', async () => {
    const source = sourceAt('trixie', 'aa');
    server.close();

    await expect(askIndex([source], folder, never)).rejects.toThrow(/Could not connect|Connection refused/i);
  });
});
