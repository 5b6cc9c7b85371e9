import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchBytes } from '../../src/download/fetch-bytes.ts';
import { root } from '../support/farm.ts';
import { type PublisherServer, publisherServer } from '../support/publisher-server.ts';

const run = promisify(execFile);
const never = new AbortController().signal;
const manners = { patience: 0.5, pause: 0.01 };
let server: PublisherServer;

beforeEach(async () => {
  server = await publisherServer();
});
afterEach(() => server[Symbol.asyncDispose]());

describe('what others are trusted by', () => {
  it('is had whole, and undefined where it is not there', async () => {
    server.files.set('/SHA512SUMS', Buffer.from('abc'));

    expect((await fetchBytes(`${server.url}/SHA512SUMS`, manners, never))?.toString()).toBe('abc');
    expect(await fetchBytes(`${server.url}/nothing`, manners, never)).toBeUndefined();
  });

  it('is refused where it is larger than any such file', async () => {
    server.files.set('/', Buffer.alloc(5 * 2 ** 20));

    await expect(fetchBytes(`${server.url}/`, manners, never)).rejects.toThrow('it has more than 4 MiB');
  });

  const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
  it.skipIf(!hasOpenssl)('is refused where it was asked for by https, and http answers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tls-'));
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', '/CN=publisher', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ]);
    server.files.set('/SHA512SUMS', Buffer.from('abc'));
    const secure = createServer({ key: await readFile(key), cert: await readFile(cert) }, (_, response) => {
      response.writeHead(302, { location: `${server.url}/SHA512SUMS` }).end();
    });
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/SHA512SUMS`;
    const script = `import { fetchBytes } from '${root}/src/download/fetch-bytes.ts';
      await fetchBytes('${url}', ${JSON.stringify(manners)}, new AbortController().signal)
        .then(() => console.log('taken'), (error) => console.log(error.message));`;

    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: cert },
    });

    expect(stdout).toMatch(
      /^cannot trust https:.*: it leads to http:.*SHA512SUMS, which anybody may answer for/,
    );
    secure.close();
    await rm(folder, { recursive: true });
  });
});
