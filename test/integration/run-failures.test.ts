import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeTools, fakeTools } from '../support/fake-tools.ts';
import { farm, root, runIn } from '../support/farm.ts';

const path = process.env['PATH'] ?? '';
const unreachable =
  'E: Failed to fetch http://127.0.0.1:9/dists/trixie/InRelease  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)';

let folder = '';
let tools: FakeTools;
let cache = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failures-'));
  tools = await fakeTools(join(folder, 'bin'));
  cache = join(folder, 'cache');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** `katafarm run` with stand-ins for what builds images and runs machines, in folders of its own. */
function run(
  words: readonly string[] = ['debian-13', '--kata', 'none'],
  { env = {}, watch }: { env?: Record<string, string>; watch?: Parameters<typeof farm>[2] } = {},
) {
  const own = { KATAFARM_CACHE: cache, KATAFARM_OUT: join(folder, 'out'), PATH: `${tools.folder}:${path}` };
  return farm(['run', ...words], { ...own, ...env }, watch);
}

/** What a run left in the cache that is not an image, and in the system's temporary folder. */
async function halfWritten(): Promise<readonly string[]> {
  const images = await readdir(join(cache, 'images')).catch(() => []);
  const work = await readdir(join(cache, 'work')).catch(() => []);
  return [...images.filter((name) => !name.endsWith('.lock')), ...work];
}

/** Command lines of processes that have to do with a folder. */
async function processesOf(place: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(place));
}

const occurrences = (text: string, part: string) => text.split(part).length - 1;

describe('a wrong command line', () => {
  it('with an unknown release gets the nearest one, and exit status 2', async () => {
    const { code, err, out, folder: begun } = await run(['debain-13']);

    expect({ code, out, begun }).toEqual({ code: 2, out: '', begun: undefined });
    expect(err).toBe('katafarm: cannot find the release "debain-13": did you mean "debian-13"?\n');
  });

  it('with a wrong file gets its place, and exit status 2', async () => {
    const yaml = await readFile(join(root, 'distros/debian-13.yaml'), 'utf8');
    await mkdir(join(folder, 'distros'));
    await writeFile(join(folder, 'distros/debian-13.yaml'), yaml.replace('suite: trixie', 'suitt: trixie'));

    const { code, err } = await run(['debian-13', '--distros', join(folder, 'distros')]);

    expect(code).toBe(2);
    expect(err).toMatch(/distros\/debian-13\.yaml:\d+:5 unknown key "suitt"; did you mean "suite"\?/);
  });
});

describe('a host that lacks something', () => {
  it('gets the tools and their remedy, and exit status 3', async () => {
    const bare = join(folder, 'bare');
    await mkdir(bare);
    for (const name of [
      'sh',
      'readlink',
      'dirname',
      'cmp',
      'node',
      'ssh',
      'ssh-keygen',
      'setpriv',
      'unshare',
    ]) {
      const places = [...path.split(':'), '/usr/bin'].map((place) => join(place, name));
      const there = await Promise.all(
        places.map((place) =>
          readFile(place).then(
            () => place,
            () => undefined,
          ),
        ),
      );
      const found = there.find((place) => place !== undefined);
      if (found) {
        await symlink(found, join(bare, name));
      }
    }

    const { code, err, folder: begun } = await run(undefined, { env: { PATH: bare } });

    expect({ code, begun }).toEqual({ code: 3, begun: undefined });
    expect(err).toMatch(/^katafarm: cannot work without .*mmdebstrap \(builds images of Debian releases\)/);
    expect(err).toMatch(/get it with: .*qemu-system-x86.* mmdebstrap/);
    expect(err).toContain('--yes');
  });

  it('cannot have its runs where a file is in the way', async () => {
    await writeFile(join(folder, 'file'), '');

    const { code, err } = await run(undefined, { env: { KATAFARM_OUT: join(folder, 'file/runs') } });

    expect(code).toBe(3);
    expect(err).toMatch(/^katafarm: cannot write in .*: something in its path is a file; .*--out DIR\n$/);
  });

  it('cannot have its cache where a file is in the way', async () => {
    await writeFile(join(folder, 'file'), '');

    const { code, err } = await run(undefined, { env: { KATAFARM_CACHE: join(folder, 'file/cache') } });

    expect(code).toBe(3);
    expect(err).toMatch(
      /katafarm: cannot write in .*: something in its path is a file; .*KATAFARM_CACHE=DIR/,
    );
  });

  it('and whose QEMU is of no use, is told so once, with exit status 3 and no verdict', async () => {
    await writeFile(join(tools.folder, 'qemu-system-x86_64'), '#!/bin/sh\necho bad ROM >&2; exit 1\n');

    const { code, out, folder: begun } = await run();
    const { results } = await runIn(begun);

    expect(code).toBe(3);
    const [, trouble = ''] = out.split('Errored: ');
    const [errored = ''] = trouble.split('\n\n');
    expect(occurrences(errored, 'cannot run machines on this host: ')).toBe(1);
    expect(errored).toMatch(/no guest came up under emulation \(QEMU ended after \d+ ms: bad ROM\)/);
    expect(new Set([...results.values()].map(({ outcome }) => outcome?.status))).toEqual(
      new Set(['errored']),
    );
  });
});

describe('a mirror that cannot be reached', () => {
  it('is the errored reason of every cell, said once on the console, with exit status 3', async () => {
    await tools.inTheMiddle(`cat >&2 <<'SAID'\n${unreachable}\nSAID\nexit 25`);

    const mirror = 'http://127.0.0.1:9/';
    const { code, out, folder: begun = '' } = await run(['debian-13', '--kata', 'none', '--mirror', mirror]);
    const junit = await readFile(join(begun, 'junit.xml'), 'utf8');

    expect(code).toBe(3);
    expect((await tools.calls()).every((call) => call.endsWith(` ${mirror}`))).toBe(true);
    expect(occurrences(out, 'Connection refused')).toBe(1);
    expect(out).toContain('the mirror cannot be reached; check network and proxy');
    expect(junit).toMatch(/<error message="[^"]*the mirror cannot be reached[^"]*" type="image">/);
    expect(junit).not.toContain('<failure');
    expect(await halfWritten()).toEqual([]);
  });
});

describe('an interruption while the image is built', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s leaves reports and nothing else, with exit status %d', async (signal, status) => {
    await tools.inTheMiddle('sleep 60');
    let sent = false;

    const {
      code,
      out,
      folder: begun = '',
    } = await run(undefined, {
      watch: (said, pid) => {
        if (!sent && said.includes('running apt-get update')) {
          sent = true;
          process.kill(pid, signal);
        }
      },
    });
    const { interrupted } = await runIn(begun);

    expect({ code, interrupted }).toEqual({ code: status, interrupted: signal });
    expect(out).toContain(`interrupted by ${signal}`);
    expect(occurrences(out, 'planned, and never run to its end')).toBe(1);
    expect((await readdir(begun)).toSorted()).toEqual([
      'journal.jsonl',
      'junit.xml',
      'matrix.json',
      'summary.md',
    ]);
    expect(await halfWritten()).toEqual([]);
    expect(await processesOf(folder)).toEqual([]);
  });
});
