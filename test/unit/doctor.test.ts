import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Check, kvmChecks, toolChecks, userChecks } from '../../src/commands/checks.ts';
import { doctorWith } from '../../src/commands/doctor.ts';
import { type Tool, toolsFor } from '../../src/commands/tool-table.ts';
import { ensureTools } from '../../src/commands/tools.ts';
import type { Provider } from '../../src/machine/machine.ts';
import { katafarm, recordedContext } from '../support/context.ts';

const spanner: Tool = {
  name: 'katafarm-spanner',
  why: 'turns nuts',
  version: ['--version'],
  packages: { apt: 'spanner-utils', dnf: 'spanner', pacman: 'spanner' },
};

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-doctor-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function provide(name: string, script = 'echo "spanner 4.2"'): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}

const here = () => recordedContext({ env: { PATH: folder } });

describe('doctor', () => {
  it('tells each check with its remedy, in text', async () => {
    const accelerators = async (): Promise<readonly Check[]> => [
      { name: '/dev/kvm', status: 'warn', found: 'a decoy', remedy: 'none needed' },
    ];
    const context = recordedContext();

    await doctorWith(context, accelerators).parseAsync([], { from: 'user' });

    expect(context.said.out).toContain(
      'accelerators\n  warn     /dev/kvm: a decoy\n           remedy: none needed\n',
    );
  });

  it('exits 3 where something that is needed is missing, and says all of it as one JSON value', async () => {
    const accelerators = async (): Promise<readonly Check[]> => [
      { name: 'kvm', status: 'missing', found: 'nothing' },
    ];
    const context = recordedContext();

    await doctorWith(context, accelerators).parseAsync(['--json'], { from: 'user' });

    expect(context.said.code).toBe(3);
    expect(JSON.parse(context.said.out)).toMatchObject({
      ok: false,
      host: expect.arrayContaining([expect.objectContaining({ name: 'memory' })]),
      accelerators: [{ name: 'kvm', status: 'missing' }],
    });
  });

  it.each([
    ['kvm-nested', 'ok', undefined],
    ['kvm', 'warn', expect.stringMatching(/options kvm_intel nested=1.*options kvm_amd nested=1/)],
    ['tcg+svm', 'ok', undefined],
    ['none', 'missing', undefined],
  ] as const)('takes the speed class %s as %s', async (speed, status, remedy) => {
    const provider = {
      name: 'qemu',
      measure: async () => ({ class: speed, accelerator: 'kvm', factor: 1, because: 'measured' }),
      [Symbol.asyncDispose]: async () => {},
    } as unknown as Provider;

    const { out } = await katafarm(['doctor', '--json'], { providers: async () => [provider] });

    const { accelerators } = JSON.parse(out) as { accelerators: readonly Check[] };
    expect(accelerators.at(-1)).toEqual({
      name: 'machines by qemu',
      status,
      found: `${speed}, limits times 1: measured`,
      ...(remedy && { remedy }),
    });
  });

  it('measures what machines do here once, whatever images they are of', async () => {
    const measured: string[] = [];
    const provider = (name: string) =>
      ({
        name,
        measure: async () => {
          measured.push(name);
          return { class: 'none', accelerator: 'tcg', factor: 1, because: 'measured' };
        },
        [Symbol.asyncDispose]: async () => {},
      }) as unknown as Provider;

    const { out } = await katafarm(['doctor', '--json'], {
      providers: async () => ['qemu', 'qemu:cloud', 'docker'].map(provider),
    });

    expect(measured).toEqual(['qemu', 'docker']);
    expect(out).not.toContain('machines by qemu:cloud');
  });

  it('tells of what only some uses take, which no run is refused for', async () => {
    const context = recordedContext();

    await doctorWith(context, async () => []).parseAsync(['--json'], { from: 'user' });

    const { tools } = JSON.parse(context.said.out) as { tools: readonly Check[] };
    expect(tools.map(({ name }) => name)).toContain('xz');
    expect(toolsFor().map(({ name }) => name)).not.toContain('xz');
  });

  it('takes no argument', async () => {
    expect((await katafarm(['doctor', 'debian-13'])).code).toBe(2);
  });
});

describe('the checks', () => {
  it('show the version of a tool that is there', async () => {
    await provide(spanner.name);

    expect(await toolChecks(here(), [spanner])).toEqual([
      { name: spanner.name, status: 'ok', found: 'spanner 4.2' },
    ]);
  });

  it("show the package of a tool that is missing, by the host's package manager", async () => {
    await provide('dnf');

    const [check] = await toolChecks(here(), [spanner]);

    expect(check).toMatchObject({
      status: 'missing',
      remedy: expect.stringContaining('dnf install spanner '),
    });
  });

  it('only warn of a tool that is missing and merely recommended', async () => {
    const [check] = await toolChecks(here(), [spanner], 'warn');

    expect(check).toMatchObject({ status: 'warn', found: 'not there; it turns nuts' });
  });

  it.each([
    { user: { uid: 0, username: 'root' }, status: 'ok' },
    { user: { uid: 1000, username: 'ada' }, status: 'ok' },
    { user: { uid: 1001, username: 'grace' }, status: 'ok' },
    { user: { uid: 1002, username: 'ad' }, status: 'missing' },
  ])('find $user.username with subuids $status', async ({ user, status }) => {
    const file = join(folder, 'subuid');
    await writeFile(file, 'ada:100000:65536\n1001:200000:65536\n');

    expect((await userChecks(user, file)).map((check) => check.status)).toEqual([status]);
  });

  it.each([
    { device: false, module: undefined, status: 'warn', found: 'not there' },
    { device: true, module: undefined, status: 'warn', found: 'neither kvm_intel nor kvm_amd' },
    { device: true, module: 'kvm_amd', status: 'ok', found: 'kvm_amd loaded, nested=1' },
  ])(
    'take /dev/kvm (there: $device, module: $module) as $status',
    async ({ device, module, status, found }) => {
      const path = join(folder, 'kvm');
      await mkdir(join(folder, 'module'));
      if (device) {
        await writeFile(path, '');
      }
      if (module) {
        await mkdir(join(folder, 'module', module, 'parameters'), { recursive: true });
        await writeFile(join(folder, 'module', module, 'parameters/nested'), '1\n');
      }

      expect(await kvmChecks(join(folder, 'module'), path)).toEqual([
        expect.objectContaining({ status, found: expect.stringContaining(found) }),
      ]);
    },
  );
});

describe('ensureTools', () => {
  const never = () => Promise.reject(new Error('started something'));

  it('starts nothing where everything is there', async () => {
    await provide(spanner.name);

    await expect(ensureTools(here(), { yes: true, needed: [spanner], run: never })).resolves.toBeUndefined();
  });

  it('changes nothing without --yes, and names what is missing and the command for it', async () => {
    await provide('apt-get');

    await expect(ensureTools(here(), { yes: false, needed: [spanner], run: never })).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 3,
      message: expect.stringMatching(
        /^cannot work without katafarm-spanner \(turns nuts\)\nget it with: (sudo )?apt-get install spanner-utils\nor say --yes/,
      ),
    });
  });

  it('installs by apt-get with --yes, and says what and why before', async () => {
    await provide('apt-get');
    await provide('sudo');
    const context = here();
    const started: string[] = [];

    await ensureTools(context, {
      yes: true,
      needed: [spanner],
      run: async (argv, tell) => {
        expect(context.said.err).toMatch(/lacks katafarm-spanner \(turns nuts\)|^$/);
        started.push(argv.join(' '));
        tell('Reading package lists...');
        tell('Setting up spanner-utils (4.2) ...');
        await provide(spanner.name);
        return 0;
      },
    });

    expect(started.filter((line) => line.includes('apt-get'))).toEqual([
      expect.stringMatching(/apt-get .*update$/),
      expect.stringMatching(/apt-get .*install --yes --no-install-recommends spanner-utils$/),
    ]);
    expect(context.said.err).toContain('  Setting up spanner-utils (4.2) ...\n');
    expect(context.said.err).not.toContain('Reading package lists');
  });

  it('shows what apt-get said last where it fails', async () => {
    await provide('apt-get');
    await provide('sudo');
    const run = async (argv: readonly string[], tell: (line: string) => void) => {
      tell('E: Unable to locate package spanner-utils');
      return argv.includes('install') ? 100 : 0;
    };

    await expect(ensureTools(here(), { yes: true, needed: [spanner], run })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/^cannot install spanner-utils: .* ended with 100\nE: Unable/),
    });
  });

  it('complains where the package did not bring the tool', async () => {
    await provide('apt-get');
    await provide('sudo');

    await expect(ensureTools(here(), { yes: true, needed: [spanner], run: async () => 0 })).rejects.toThrow(
      'cannot find katafarm-spanner though apt-get installed spanner-utils',
    );
  });

  it('leaves a host with another package manager to its owner', async () => {
    await provide('pacman');

    await expect(ensureTools(here(), { yes: true, needed: [spanner], run: never })).rejects.toThrow(
      /cannot install by itself on this host[\s\S]*pacman -S spanner/,
    );
  });
});
