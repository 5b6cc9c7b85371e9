import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const modules = join(root, 'node_modules');
const run = promisify(execFile);

/** A user's own folder, far from any checkout, with the package in it. */
let folder = '';
let files: readonly string[] = [];

const env = () => ({
  PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
  HOME: folder,
  KATAFARM_CACHE: join(folder, 'cache'),
  NO_COLOR: '1',
});

/** What the installed command says; its exit status is a property of what is thrown. */
async function katafarm(...argv: readonly string[]) {
  const ended = await run(
    process.execPath,
    [join(folder, 'node_modules/katafarm/bin/katafarm.js'), ...argv],
    {
      cwd: folder,
      env: env(),
      maxBuffer: 64 * 1024 * 1024,
    },
  ).catch((error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => error);
  return { code: 'code' in ended ? ended.code : 0, out: ended.stdout, err: ended.stderr };
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

const scenario = (on: string) => `import assert from 'node:assert/strict';
import type { Scenario } from 'katafarm';

export default {
  title: 'The kernel hands out huge pages',
  on: ['${on}'],

  async run(t) {
    const given = await t.step('count them', () => t.guest.$\`cat /proc/sys/vm/nr_hugepages\`.text());
    assert.equal(given.trim(), '8');
  },
} satisfies Scenario;
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-package-'));
  await run('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    env: { ...process.env, PATH: env().PATH, npm_config_update_notifier: 'false' },
    maxBuffer: 64 * 1024 * 1024,
  });
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));

  const place = join(folder, 'node_modules/katafarm');
  await mkdir(place, { recursive: true });
  await run('tar', ['xzf', join(folder, tarball), '--strip-components=1', '-C', place]);
  files = (await readdir(place, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(place.length + 1));

  // As npm would have installed what it depends on; that takes minutes and a network.
  await symlink(modules, join(place, 'node_modules'));
  await mkdir(join(folder, 'node_modules/@types'));
  await symlink(join(modules, '@types/node'), join(folder, 'node_modules/@types/node'));
  await put('package.json', '{ "type": "module" }');
  await put(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        ...{ module: 'nodenext', target: 'es2024', lib: ['es2024', 'esnext.disposable'], types: ['node'] },
        ...{ strict: true, verbatimModuleSyntax: true, erasableSyntaxOnly: true },
        ...{ skipLibCheck: true, noEmit: true },
      },
      include: ['mine'],
    }),
  );
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('has all that comes along and is no code', async () => {
    const below = async (at: string) =>
      (await readdir(join(root, at), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
    const wanted = [...(await below('src')), ...(await below('scenarios')), ...(await below('distros'))]
      .map((path) => `dist/${path.replace(/\.ts$/, '.js')}`)
      .toSorted();
    const had = files.filter((path) => !path.endsWith('.d.ts') && /^dist\/\w+\//.test(path));

    expect(had.toSorted()).toEqual(wanted);
  });

  it('has nothing else: no test, no report, no source', () => {
    const rest = files.filter((path) => !path.startsWith('dist/') && !path.startsWith('docs/'));

    expect(rest.toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/katafarm.js',
      'package.json',
    ]);
    expect(files.filter((path) => /(?<!\.d)\.ts$|\.test\.|^dist\/(test|bench|reports)\//.test(path))).toEqual(
      [],
    );
  });

  it('says its version', async () => {
    expect((await katafarm('--version')).out).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('says what it needs on an old Node, before it reads anything that such a Node cannot', async () => {
    const old = 'Object.defineProperty(process,"versions",{value:{node:"20.20.2"}})';
    const ended = await run(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${old}`,
        join(folder, 'node_modules/katafarm/bin/katafarm.js'),
        'run',
      ],
      { cwd: folder, env: env() },
    ).catch((error: { readonly code: number; readonly stderr: string }) => error);

    expect(ended).toMatchObject({
      code: 3,
      stderr:
        'katafarm: cannot run on Node 20.20.2: it needs 24 or newer; install one, or say npx -p node@24 -p katafarm katafarm\n',
    });
  });

  it('has every release and scenario, in order', async () => {
    const { code, out, err } = await katafarm('validate');

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^\d{2,} releases, \d+ known issues? and \d{2,} scenarios are well formed\n$/);
  });

  it('writes what it generates below the working directory, never into itself', async () => {
    const { code, err } = await katafarm('docs');

    expect(code).toBe(2);
    expect(err).toContain(`cannot read ${join(folder, 'reports/matrix.json')}`);
  });

  it('names commands as they can be typed beside it, where there is no launcher', async () => {
    const { err } = await katafarm('report', 'nosuch');

    expect(err).toContain('make one with npx katafarm run\n');
  });

  it('writes the files of a wrapper for a distro that it brings along', async () => {
    expect(await katafarm('init', 'tmt', '--dir', 'package')).toMatchObject({ code: 0 });
    expect(await readdir(join(folder, 'package'), { recursive: true })).toContain('plans/katafarm.fmf');
  });
});

describe("a user's own folders beside it", () => {
  beforeAll(async () => {
    await put('mine/scenarios/host/hugepages.ts', scenario('host'));
    const life = 'lifecycle: { released: 2026-01-01, eol: 2030-01-01, source: us }';
    await put('mine/distros/mine-1.yaml', `parent: debian-13\ntitle: Mine 1\n${life}\n`);
  });

  const own = ['--scenarios', 'mine/scenarios', '--distros', 'mine/distros'];

  it('are planned with what comes along: a scenario in TypeScript, a release whose parent is one of ours', async () => {
    const { out, err } = await katafarm('plan', 'mine-1', ...own, '--stack', 'host', '--kata', 'none');

    expect(err).toBe('');
    expect(out).toMatch(/^mine-1 .*\n +host +9 .*host\.hugepages/);
  });

  it('are all there is with --no-bundled', async () => {
    const { out } = await katafarm(
      'list',
      'scenarios',
      '--no-bundled',
      '--scenarios',
      'mine/scenarios',
      '--json',
    );

    expect(JSON.parse(out)).toMatchObject([{ id: 'host.hugepages' }]);
  });

  it('are typed against the package', async () => {
    const tsc = () =>
      run(process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', '.'], { cwd: folder }).then(
        () => '',
        ({ stdout }: { readonly stdout: string }) => stdout,
      );

    const right = await tsc();
    await put('mine/scenarios/host/hugepages.ts', scenario('hosst'));
    const wrong = await tsc();
    await put('mine/scenarios/host/hugepages.ts', scenario('host'));

    expect(right).toBe('');
    expect(wrong).toContain('Did you mean \'"host"\'?');
  });

  it('get a hint where Node takes their files for none of its modules', async () => {
    await put('package.json', '{ "type": "commonjs" }');
    const { err } = await katafarm('validate', ...own);
    await put('package.json', '{ "type": "module" }');

    expect(err).toContain('say "type": "module" in the package.json above it');
  });
});
