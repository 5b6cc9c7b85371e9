import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wrappers } from '../../../src/commands/init/wrappers.ts';
import { katafarm } from '../../support/context.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'init-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const init = (...argv: readonly string[]) => katafarm(['init', ...argv], { cwd: folder });

async function put(path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
  await chmod(join(folder, path), mode);
}

describe('katafarm init', () => {
  it('lists what there is, with every file', async () => {
    const { out, code } = await init();

    expect(code).toBe(0);
    const told = wrappers.flatMap(({ name, files }) => [name, ...files.map(({ path }) => path)]);
    expect(told.filter((word) => !out.includes(word))).toEqual([]);
  });

  it.each(wrappers)('writes $name, and what runs may be run', async ({ name, files }) => {
    const { err, code } = await init(name);

    expect({ err, code }).toEqual({ err: '', code: 0 });
    const modes = await Promise.all(
      files.map(async ({ path }) => (await stat(join(folder, path))).mode & 0o777),
    );
    expect(modes).toEqual(files.map(({ runs }) => (runs ? 0o755 : 0o644)));
    expect((await readdir(folder, { recursive: true })).filter((path) => path.endsWith('-new'))).toEqual([]);
  });

  it('leaves every file alone where one is there already, and names it', async () => {
    await put('debian/tests/control', 'mine\n');

    const { err, code } = await init('autopkgtest');

    expect(code).toBe(2);
    expect(err).toContain('cannot write debian/tests/control: it is there already; say --force');
    expect(await readdir(join(folder, 'debian/tests'))).toEqual(['control']);
    expect(await readFile(join(folder, 'debian/tests/control'), 'utf8')).toBe('mine\n');
  });

  it('replaces it where that is asked for', async () => {
    await put('debian/tests/control', 'mine\n');

    await init('autopkgtest', '--force');

    expect(await readFile(join(folder, 'debian/tests/control'), 'utf8')).toContain('Tests: katafarm');
  });

  it('writes nothing where it can not write all', async () => {
    await put('debian/tests/katafarm.katafarm-new/in-the-way', '');

    const { err, code } = await init('autopkgtest', '--dir', '.');

    expect(code).toBe(2);
    expect(err).toContain('cannot write into');
    expect(await readdir(join(folder, 'debian/tests'))).not.toContain('control');
  });

  it('suggests what may have been meant', async () => {
    expect(await init('autopkgtests')).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean "autopkgtest"?'),
    });
  });
});

/** A katafarm that knows one release, writes a run's files and ends with $FAKE_STATUS; and this host's other commands. */
const fakes: Readonly<Record<string, string>> = {
  katafarm: `case $1 in
list) echo 'debian-13    Debian 13 (trixie)' ;;
run)
  echo "$@" >"$FAKE/said"
  while [ $# -gt 0 ]; do [ "$1" != --out ] || out=$2; shift; done
  mkdir -p "$out/R" "$out/R-base"
  for file in R/differences.md R/journal.jsonl R-base/journal.jsonl R/junit.xml; do echo told >"$out/$file"; done
  exit "$FAKE_STATUS" ;;
esac`,
  'dpkg-query': 'echo 1.0-1',
  'apt-get': 'echo deb >"$2_amd64.deb"',
  rpm: 'echo virtiofsd-1.0-1.x86_64',
  dnf: 'echo rpm >"$3/$4.rpm"',
};

async function dry(script: string, status: number, change: Readonly<Record<string, string>> = {}) {
  for (const [name, text] of Object.entries(fakes)) {
    await put(`bin/${name}`, `#!/bin/sh\n${text}\n`, 0o755);
  }
  await put('os-release', 'ID=debian\nVERSION_ID="13"\n');
  await put('kvm/kvm_amd/parameters/nested', '1\n');
  await put('debian/control', 'Source: virtiofsd\n\nPackage: virtiofsd\nArchitecture: any\n');
  await mkdir(join(folder, 'data'), { recursive: true });
  return spawnSync('/bin/sh', [script], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...{ PATH: `${folder}/bin:/usr/bin:/bin`, FAKE: folder, FAKE_STATUS: String(status) },
      ...{ OS_RELEASE: `${folder}/os-release`, KVM_DEVICE: '/dev/null', KVM_PARAMETERS: `${folder}/kvm` },
      ...{ AUTOPKGTEST_TMP: `${folder}/tmp`, AUTOPKGTEST_ARTIFACTS: `${folder}/artifacts` },
      ...{ TMT_TEST_DATA: `${folder}/data`, TMT_TREE: folder, KATAFARM_PACKAGES: 'virtiofsd' },
      ...change,
    },
  });
}

const lacks: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['there is no katafarm', { KATAFARM: 'no-such-katafarm' }],
  ['katafarm does not know the release', { KATAFARM_RELEASE: 'debian-99' }],
  ['there is no KVM', { KVM_DEVICE: '/no/such/device' }],
  ['machines do not nest', { KVM_PARAMETERS: '/no/such/folder' }],
];

describe('the test for autopkgtest', () => {
  beforeEach(() => init('autopkgtest'));

  it.each([
    ['passes where nothing is newly red', 0, 0],
    ['fails where something is', 1, 1],
    ['is skipped where the farm could not do its work', 3, 77],
    ['fails where the command is wrong', 2, 2],
    ['is skipped where katafarm was killed', 137, 77],
  ])('%s', async (_name, status, expected) => {
    expect((await dry('debian/tests/katafarm', status)).status).toBe(expected);
  });

  it.each(lacks)('is skipped where %s', async (_name, change) => {
    const { status, stdout } = await dry('debian/tests/katafarm', 0, change);

    expect({ status, said: stdout.startsWith('skipped: ') }).toEqual({ status: 77, said: true });
  });

  it('gives katafarm the packages in their installed version, and keeps journals and junit', async () => {
    await dry('debian/tests/katafarm', 1, { KATAFARM_OPTIONS: '--stack qemu' });

    expect(await readFile(join(folder, 'said'), 'utf8')).toBe(
      `run debian-13 --stack qemu --with-package virtiofsd=1.0-1_amd64.deb --yes --out ${folder}/tmp/runs\n`,
    );
    expect((await readdir(join(folder, 'artifacts'), { recursive: true })).toSorted()).toEqual([
      ...['R', 'R-base', 'R-base/journal.jsonl'],
      ...['R/differences.md', 'R/journal.jsonl', 'R/junit.xml'],
    ]);
  });

  it('runs by emulation where that is allowed', async () => {
    const { status } = await dry('debian/tests/katafarm', 0, { KVM_DEVICE: '/no', KATAFARM_EMULATE: 'yes' });

    expect(status).toBe(0);
  });

  it('fails where no package of the source is installed', async () => {
    fakesWithout('dpkg-query');

    expect(
      (await dry('debian/tests/katafarm', 0, { PATH: `${folder}/none:${folder}/bin:/usr/bin:/bin` })).status,
    ).toBe(2);
  });

  it.each([
    ['the mirror does not give the package', 'apt-get'],
    ['katafarm itself does not run', 'katafarm'],
  ])('is skipped, and says why, where %s', async (_, command) => {
    fakesWithout(command);

    const { status, stdout } = await dry('debian/tests/katafarm', 0, {
      PATH: `${folder}/none:${folder}/bin:/usr/bin:/bin`,
    });

    expect(status).toBe(77);
    expect(stdout).toMatch(/skipped: (virtiofsd 1\.0-1 can not be downloaded|katafarm does not run here)\n$/);
  });
});

function fakesWithout(name: string): void {
  spawnSync(
    '/bin/sh',
    ['-c', `mkdir -p none; printf '#!/bin/sh\\nexit 1\\n' >none/${name}; chmod +x none/${name}`],
    {
      cwd: folder,
    },
  );
}

describe('the test for tmt', () => {
  beforeEach(() => init('tmt'));
  const result = () => readFile(join(folder, 'data/results.yaml'), 'utf8');

  it.each([
    [0, 'pass'],
    [1, 'fail'],
    [3, 'skip'],
    [2, 'error'],
  ])('makes of status %i the result %s', async (status, word) => {
    const ended = await dry('tests/katafarm/test.sh', status);

    expect(ended.status).toBe(0);
    expect(await result()).toContain(`- name: /\n  result: ${word}\n`);
  });

  it.each(lacks)('is skipped where %s', async (_name, change) => {
    await dry('tests/katafarm/test.sh', 0, change);

    expect(await result()).toContain('result: skip');
  });

  it('shows the differences first', async () => {
    await dry('tests/katafarm/test.sh', 1);

    expect(await result()).toContain('log:\n    - runs/R/differences.md\n    - runs/R/junit.xml\n');
  });
});
