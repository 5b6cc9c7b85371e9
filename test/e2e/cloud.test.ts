import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheOf } from '../../src/commands/provider-options.ts';
import type { Run } from '../../src/domain/run.ts';
import { type Ended, farm, leftBehind, root, runIn } from '../support/farm.ts';
import { type PublisherServer, publisherServer } from '../support/publisher-server.ts';

const build = '20261120-2300';
const releases = { 'debian-12': 'bookworm', 'debian-13': 'trixie' } as const;
const scenarios = ['host.*', 'control.*', 'vmm.*'];

let folder = '';
let server: PublisherServer;
let cloud: Ended;
let run: Run;

/** Publishes an image that was made here as Debian does: under its build, with checksums. */
async function publish(release: keyof typeof releases): Promise<void> {
  const suite = releases[release];
  const path = join(folder, `${release}.qcow2`);
  execFileSync('sh', [join(root, 'test/support/cloud-image.sh'), suite, path], { stdio: 'inherit' });
  const bytes = await readFile(path);
  const name = `${release}-generic-amd64-${build}.qcow2`;
  server.files.set(`/${suite}/`, Buffer.from(`<a href="${build}/">${build}/</a>`));
  server.files.set(`/${suite}/${build}/${name}`, bytes);
  const digest = createHash('sha512').update(bytes).digest('hex');
  server.files.set(`/${suite}/${build}/SHA512SUMS`, Buffer.from(`${digest}  ${name}\n`));
}

const statusesOf = (one: Run) =>
  Object.fromEntries([...one.results].map(([id, { outcome }]) => [id, outcome?.status]));

/** Runs both releases from what is published here. */
const fromCloud = (...meant: readonly string[]) =>
  farm([
    ...[
      'run',
      ...Object.keys(releases),
      '--provider',
      'qemu:cloud',
      '--kata',
      'none',
      '--scenario',
      ...meant,
    ],
    ...['--image-mirror', `https://cloud.debian.org/images/cloud/=${server.url}/`],
  ]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloud-'));
  server = await publisherServer();
  await publish('debian-12');
  await publish('debian-13');
  cloud = await fromCloud(...scenarios);
  run = await runIn(cloud.folder);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe('machines of images that are published', () => {
  it('give the same verdicts as machines of images that were built', async () => {
    const words = ['run', ...Object.keys(releases), '--kata', 'none', '--scenario', ...scenarios];
    const built = await runIn((await farm(words)).folder);

    expect(statusesOf(run)).toEqual(statusesOf(built));
  });

  it.each(Object.keys(releases))('of %s say of which build they are, and how it came here', (release) => {
    const facts = run.batchFacts.get(`${release}/qemu:cloud` as never);

    expect(facts?.['image.build']).toBe(build);
    expect(facts?.['image.published']).toMatch(/^sha512:[0-9a-f]{128}$/);
    expect(facts?.['image.mirror']).toContain(server.url);
  });

  it('are had from the cache by the next run, which fetches nothing', async () => {
    const before = server.asked.length;

    const again = await fromCloud('host.cpu');

    expect(again.code).toBe(0);
    expect(server.asked.slice(before).filter((path) => path.includes('.qcow2'))).toEqual([]);
  });

  it('leave nothing behind', async () => {
    expect(await leftBehind(cacheOf({ env: process.env, cwd: root }), run.id)).toEqual([]);
  });
});
