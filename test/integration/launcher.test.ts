import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Writes down that it was called, takes its time as the real one does, and leaves what the real one leaves. */
const npm = `echo "$*" >> "$NPM_CALLS"
sleep 0.2
case $1 in
  ci)
    rm -rf node_modules
    mkdir -p node_modules/node/bin
    [ -n "\${SKIP_SCRIPTS:-}" ] || ln -s "$PINNED_NODE" node_modules/node/bin/node ;;
  rebuild)
    [ "\${SKIP_SCRIPTS:-}" = always ] || ln -s "$PINNED_NODE" node_modules/node/bin/node ;;
esac`;

let folder = '';
let checkout = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-launcher-'));
  checkout = join(folder, 'check out');
  await mkdir(join(checkout, 'src'), { recursive: true });
  await mkdir(join(folder, 'bin'));

  await copyFile(join(root, 'katafarm'), join(checkout, 'katafarm'));
  await writeFile(join(checkout, 'package.json'), '{ "type": "module" }');
  await writeFile(join(checkout, 'package-lock.json'), '{ "lockfileVersion": 3 }');
  await writeFile(
    join(checkout, 'src/cli.ts'),
    'const words: readonly string[] = process.argv.slice(2);\nconsole.log(JSON.stringify([words, process.env.NODE_COMPILE_CACHE]));\n',
  );
  await provide('npm', npm);
  await provide('node', 'exit 1');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function provide(name: string, script: string): Promise<void> {
  await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'bin', name), 0o755);
}

interface Launch {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly launcher?: string;
}

async function launch({ args = [], env = {}, launcher = join(checkout, 'katafarm') }: Launch = {}) {
  const child = spawn(launcher, args, {
    env: {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      HOME: folder,
      NPM_CALLS: join(folder, 'calls'),
      PINNED_NODE: process.execPath,
      ...env,
    },
  });
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
  return { out, err, code };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((settle) => {
    child.on('close', settle);
  });
}

async function npmCalls(): Promise<readonly string[]> {
  const calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
  return calls.split('\n').filter(Boolean);
}

describe('the launcher', () => {
  it('installs on the first start, says what and why, and hands its arguments on as they are', async () => {
    const { out, err, code } = await launch({ args: ['run', 'two words', ''] });

    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual([['run', 'two words', ''], join(folder, '.cache/katafarm/compile')]);
    expect(err).toMatch(
      /^katafarm: installing what package-lock.json names .*: it is missing or has changed/,
    );
    expect(await npmCalls()).toEqual([expect.stringMatching(/^ci /)]);
  });

  it('installs once only', async () => {
    await launch();

    expect((await launch()).err).toBe('');
    expect(await npmCalls()).toHaveLength(1);
  });

  it('installs again when package-lock.json has changed', async () => {
    await launch();
    await writeFile(join(checkout, 'package-lock.json'), '{ "lockfileVersion": 3, "packages": {} }');

    await launch();

    expect(await npmCalls()).toHaveLength(2);
  });

  it("takes a developer's own installation for what it is", async () => {
    await mkdir(join(checkout, 'node_modules/node/bin'), { recursive: true });
    await symlink(process.execPath, join(checkout, 'node_modules/node/bin/node'));
    await writeFile(join(checkout, 'node_modules/.package-lock.json'), '{}');

    expect((await launch()).code).toBe(0);
    expect(await npmCalls()).toEqual([]);
  });

  it("never installs into another checkout's folder of modules, to which its own is a link", async () => {
    const other = join(folder, 'other');
    await mkdir(join(other, '.bin'), { recursive: true });
    await mkdir(join(other, 'node/bin'), { recursive: true });
    await symlink(process.execPath, join(other, 'node/bin/node'));
    await symlink(other, join(checkout, 'node_modules'));

    expect((await launch()).code).toBe(0);
    await writeFile(join(checkout, 'package-lock.json'), '{ "lockfileVersion": 3, "packages": {} }');
    expect((await launch()).code).toBe(0);
    expect(await npmCalls()).toEqual([]);
  });

  it('says where such a link leads where there is nothing behind it', async () => {
    await symlink(join(folder, 'nowhere'), join(checkout, 'node_modules'));

    const { code, err } = await launch();

    expect(code).toBe(3);
    expect(err).toContain('node_modules is a link, and there is nothing behind it');
    expect(await npmCalls()).toEqual([]);
  });

  it('installs once where two start at the same time', async () => {
    const both = await Promise.all([launch(), launch()]);

    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(await npmCalls()).toHaveLength(1);
  });

  it('finds its checkout through symbolic links', async () => {
    await symlink('check out/katafarm', join(folder, 'nearby'));
    await symlink(join(folder, 'nearby'), join(folder, 'bin/katafarm'));

    expect((await launch({ launcher: join(folder, 'bin/katafarm') })).code).toBe(0);
  });

  it('rebuilds the Node package where npm skipped its install script', async () => {
    const { err, code } = await launch({ env: { SKIP_SCRIPTS: 'once' } });

    expect(code).toBe(0);
    expect(err).toContain('did not run; trying npm rebuild node');
    expect(await npmCalls()).toEqual([
      expect.stringMatching(/^ci /),
      expect.stringMatching(/^rebuild node /),
    ]);
  });

  it("takes the system's Node where the pinned one can't be had and that one is new enough", async () => {
    await provide('node', `exec '${process.execPath}' "$@"`);

    expect((await launch({ env: { SKIP_SCRIPTS: 'always' } })).code).toBe(0);
  });

  it('says so where there is no Node that is new enough', async () => {
    const { err, code } = await launch({ env: { SKIP_SCRIPTS: 'always' } });

    expect(code).toBe(3);
    expect(err).toContain('cannot find a Node 24');
  });

  it('says so where npm fails, and tries again the next time', async () => {
    await provide('npm', 'exit 1');
    expect(await launch()).toMatchObject({
      code: 3,
      err: expect.stringContaining('cannot set up: npm ci failed'),
    });

    await provide('npm', npm);
    expect((await launch()).code).toBe(0);
  });

  it('names the remedy where there is no npm', async () => {
    await rm(join(folder, 'bin/npm'));
    for (const tool of ['sh', 'dirname', 'cmp', 'flock', 'readlink']) {
      await symlink(`/usr/bin/${tool}`, join(folder, 'bin', tool));
    }

    expect(await launch({ env: { PATH: join(folder, 'bin') } })).toEqual({
      out: '',
      err: 'katafarm: cannot set up: there is no npm. Install Node and npm first (Debian, Ubuntu: apt-get install npm)\n',
      code: 3,
    });
  });
});
