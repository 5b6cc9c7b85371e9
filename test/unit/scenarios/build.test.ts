import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import clhScenario from '../../../scenarios/build/clh.ts';
import qemuScenario from '../../../scenarios/build/qemu.ts';
import { endedIn, notBuilt, notInstalled } from '../../../scenarios/parts/build-failure.ts';
import { newestOf } from '../../../scenarios/parts/build-managers.ts';
import { clh, qemu } from '../../../scenarios/parts/build-recipes.ts';
import { pinnedRelease } from '../../../src/install/kata/pinned.ts';
import { Skip } from '../../../src/run/run-scenario.ts';
import type { ScenarioContext } from '../../../src/scenario.ts';
import { distroLike } from '../../support/domain.ts';
import { root } from '../../support/farm.ts';
import { scriptedContext } from '../../support/scripted-context.ts';

const ended = (status: number, log: string) => `status=${status}\nseconds=7\n--- what it printed\n${log}`;
const cheerful = 'QEMU emulator version 11.0.1\nkvm\nq35 \n"vhost-vsock-pci"\n"vhost-user-fs-pci"';

/** A machine on which the step of that name prints this, and all others do well. */
function machine(
  answers: Readonly<Record<string, string>>,
  sources: Readonly<Record<string, string>> = {},
): ReturnType<typeof scriptedContext> {
  const { t, doings } = scriptedContext('build.clh', 'host', (script) => {
    const [, what] = /run_text (\w+) /.exec(script) ?? [];
    const own = Object.entries(answers).find(([words]) => script.includes(words));
    if (own) {
      return own[1];
    }
    if (script.includes('for instrument in')) {
      return '';
    }
    if (what === 'trial') {
      return ended(0, script.includes('qemu') ? cheerful : 'cloud-hypervisor v51.1.0');
    }
    if (script.includes('apt-cache policy')) {
      return 'rustc:1.63.0+dfsg1-2\nrustc-web:1.96.0+dfsg1-1';
    }
    if (script.includes('free_mib')) {
      return '20000';
    }
    if (script.includes('sha256sum')) {
      return 'abc123  file';
    }
    if (what !== undefined) {
      return ended(0, 'done');
    }
    return script.includes('meson --version')
      ? 'gcc (Debian 14.2.0-19) 14.2.0\n1.7.0\nPython 3.13.5'
      : 'rustc 1.96.0 (59807616e 2026-04-14)\ncargo 1.96.0';
  });
  return { t: { ...t, sources } satisfies ScenarioContext, doings };
}

const failureOf = async (deed: Promise<unknown>): Promise<Error & { readonly class?: string }> =>
  deed.then(
    () => {
      throw new Error('it passed');
    },
    (error) => error,
  );

describe('a build', () => {
  it('records as commands the very texts that ran, in their order, and no others', async () => {
    const { t, doings } = machine({});

    await clhScenario.run(t);

    const ran = doings.scripts.flatMap((script) => /run_text \w+ ([\s\S]*)$/.exec(script)?.[1] ?? []);
    expect(doings.facts.get('build.commands')).toBe(ran.join('\n'));
    expect(ran.join('\n')).toBe(
      `apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ca-certificates cargo-web curl gcc libc6-dev make rustc-web tar xz-utils
curl --fail --silent --show-error --location --remote-name ${clh.url}
mkdir clh
tar --extract --file cloud-hypervisor-v51.1.tar.xz --directory clh --strip-components 1
cd clh
cargo build --release --locked --bin cloud-hypervisor
cd ..
clh/target/release/cloud-hypervisor --version`,
    );
  });

  it('asks which of the compilers that the release has is the newest', async () => {
    const { t, doings } = machine({});
    const toolchain = { rust: 'rustc', alternatives: { rust: ['rustc-web'] } };

    await clhScenario.run({ ...t, distro: distroLike({ toolchain }) });

    expect(doings.scripts.join('\n')).toContain('apt-cache policy rustc rustc-web |');
  });

  it('records by what it was built, of what, and how long that took', async () => {
    const { t, doings } = machine({});

    await clhScenario.run(t);

    expect(Object.fromEntries(doings.facts)).toMatchObject({
      'build.toolchain': 'rustc 1.96.0, cargo 1.96.0',
      'build.source': 'cloud-hypervisor-v51.1.tar.xz',
      'build.source-digest': 'sha256:abc123',
      'build.source-from': clh.url,
      'build.seconds': 7,
      'build.result': 'cloud-hypervisor v51.1.0',
    });
  });

  it('takes a source that was brought, and then tells nobody to fetch it', async () => {
    const { t, doings } = machine({}, { qemu: '/home/me/qemu-10.2.2.tar.xz' });

    await qemuScenario.run(t);

    expect(doings.facts.get('build.toolchain')).toBe('gcc 14.2.0, meson 1.7.0, Python 3.13.5');
    expect(doings.facts.get('build.source-from')).toBe('brought');
    expect(doings.facts.get('build.commands')).toContain('--file qemu-10.2.2.tar.xz');
    expect(doings.facts.get('build.commands')).not.toContain('curl --');
  });

  it('says nothing of a release whose packages nobody knows by name', async () => {
    const { t } = machine({});
    const other = { ...t, distro: distroLike({ packageManager: 'zypper' }) };

    await expect(qemuScenario.run(other)).rejects.toThrow(Skip);
  });

  it('records no commands where it failed, and says that the toolchain is too old', async () => {
    const log =
      'error: rustc 1.85.0 is not supported by the following package:\n  zbus@5 requires rustc 1.87.0';
    const { t, doings } = machine({ 'run_text build': ended(101, log) });

    const error = await failureOf(clhScenario.run(t));

    expect(error.class).toBe('toolchain-too-old');
    expect(error.message).toMatch(
      /^cloud-hypervisor takes a newer toolchain than rustc 1\.96\.0, cargo 1\.96\.0: zbus@5 requires rustc 1\.87\.0$/m,
    );
    expect(doings.facts.has('build.commands')).toBe(false);
  });

  it('fails where what was built lacks what Kata asks of it', async () => {
    const { t } = machine({ 'run_text trial': ended(0, cheerful.replace('kvm\n', '')) });

    const error = await failureOf(qemuScenario.run(t));

    expect(error).toMatchObject({
      class: 'built-lacks',
      message: expect.stringContaining('Kata asks of it: kvm'),
    });
  });

  it.each([
    [
      'a source that is not to be had',
      'bring it: --source clh=FILE',
      { 'run_text fetch': ended(6, 'curl: (6) Could not resolve host') },
    ],
    [
      'a mirror that is away',
      'cannot install what a build takes',
      { 'apt-get update': ended(100, 'E: Failed to fetch http://x/InRelease') },
    ],
    ['a disk that is too small', 'the disk has 900 MiB left', { free_mib: '900' }],
    [
      'a disk that fills up',
      'No space left on device',
      { 'run_text build': ended(101, 'ld: final link failed: No space left on device') },
    ],
    [
      'memory that is too small',
      'signal: 9',
      { 'run_text build': ended(101, 'rustc (signal: 9, SIGKILL: kill)') },
    ],
  ] as const)("is the farm's trouble with %s", async (_, words, answers) => {
    const { t } = machine(answers);

    const { name, message } = await failureOf(clhScenario.run(t));

    expect([name, message]).toEqual(['FarmError', expect.stringContaining(words)]);
  });
});

describe('why a build came to nothing', () => {
  it.each([
    ['error: package `zbus v5.1.0` cannot be built because it requires rustc 1.87.0 or newer'],
    ['error[E0658]: `let` expressions in this position are unstable'],
    ['  feature `edition2024` is required'],
    [
      'error: failed to parse lock file at: /a/Cargo.lock\n\n  lock file version 4 requires `-Znext-lockfile-bump`',
    ],
    ['ERROR: Meson version is 1.0.1 but project requires >=1.5.0'],
    ['ERROR: Python 3.9 or newer is required.'],
  ])('is an old toolchain: %s', (log) => {
    expect(notBuilt('QEMU', 'gcc 8', { status: 1, seconds: 1, log })).toMatchObject({
      class: 'toolchain-too-old',
    });
  });

  it.each([
    ['hw/core/qdev.c:1:1: error: unknown type name', 'unknown type name'],
    ['a warning\nand its end', 'it ended with status 2: and its end'],
  ])('is anything else, of which nobody is named: %s', (log, words) => {
    expect(notBuilt('QEMU', 'gcc 14', { status: 2, seconds: 1, log })).toMatchObject({
      class: 'does-not-build',
      message: expect.stringContaining(words),
    });
  });

  it("is the release's where it lacks a package, and the mirror's where that is not whole", () => {
    const log = 'E: Unable to locate package liburing-dev';

    expect(notInstalled({ status: 100, seconds: 1, log })).toMatchObject({ class: 'not-packaged' });
    expect(notInstalled({ status: 100, seconds: 1, log: `W: Failed to fetch x\n${log}` }).name).toBe(
      'FarmError',
    );
  });
});

it.each([
  ['rustc:1.63.0+dfsg1-2\nrustc-web:1.96.0+dfsg1-1~deb12u2', 'rustc-web'],
  ['rustc:1.96.0-1\nrustc-web:1.85.0-1', 'rustc'],
  ['rustc:1.9.0-1\nrustc-web:1.85.0-1', 'rustc-web'],
  ['rustc:1:1.85.0-1', 'rustc'],
  ['', undefined],
])('the newest compiler of %j is %s', (told, newest) => {
  expect(newestOf(told)).toBe(newest);
});

it('builds what the pinned Kata takes, by its versions.yaml', () => {
  // Whoever pins another Kata looks both up again.
  expect({ kata: pinnedRelease, clh: clh.version, qemu: qemu.version }).toEqual({
    kata: '4.1.0',
    clh: 'v51.1',
    qemu: '11.0.1',
  });
  expect(clh.url).toContain(clh.version);
  expect(qemu.url).toContain(qemu.version);
});

describe('run_text', () => {
  const parts = join(root, 'scenarios', 'parts');

  async function run(text: string) {
    const folder = await mkdtemp(join(tmpdir(), 'build-'));
    try {
      const script = `set -eu; . ${parts}/machine.sh; . ${parts}/build.sh; run_text build "$1"; echo sound >after`;
      const { stdout } = await promisify(execFile)('/bin/sh', ['-c', script, 'sh', text], { cwd: folder });
      return { ...endedIn(stdout), after: await readFile(join(folder, 'after'), 'utf8').catch(() => '') };
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it('runs a text line by line, and tells all that it printed', async () => {
    expect(await run('cd /\npwd\necho "$((1 + 1))" >&2')).toMatchObject({
      status: 0,
      log: '/\n2',
      after: 'sound\n',
    });
  });

  it('ends at the first line that fails, and goes on itself', async () => {
    expect(await run('echo begun\nfalse\necho never')).toMatchObject({
      status: 1,
      log: 'begun',
      after: 'sound\n',
    });
  });

  it('of a long log tells the complaints and the end', async () => {
    const { log } = await run("echo 'error: the first'\nseq 1 3000\nexit 7");

    expect(log).toMatch(/^error: the first\n2921\n/);
    expect(log.split('\n').at(-1)).toBe('3000');
  });
});
