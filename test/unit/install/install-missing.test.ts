import { describe, expect, it } from 'vitest';
import type { BuiltImage } from '../../../src/domain/image-source.ts';
import { type InstallingDistro, installMissing } from '../../../src/install/install-missing.ts';
import { TransportError } from '../../../src/machine/faults.ts';
import type { Guest } from '../../../src/machine/guest.ts';
import { distroLike } from '../../support/domain.ts';

/** apt on a machine, as far as these tests need it. */
class Apt {
  readonly asked: string[] = [];
  readonly installed = new Map([['libc6', '2.41']]);
  readonly index = new Map([
    ['qemu-system-x86', '10.0'],
    ['virtiofsd', '1.13'],
    ['busybox-static', '1.37'],
    ...['cpio', 'iproute2', 'kmod', 'socat', 'xz-utils', 'zstd'].map((name) => [name, '1'] as const),
  ]);
  readonly broken = new Map<string, string>();
  /** What further commands end with, before apt is asked at all. */
  readonly before: { readonly on: string; readonly code: number; readonly err: string }[] = [];

  get guest(): Pick<Guest, '$'> {
    const shell = (_: TemplateStringsArray, command: string) => ({
      nothrow: async () => {
        const { code = 0, out = '', err = '' } = this.#answer(command);
        return { exitCode: code, stdout: out, stderr: err };
      },
    });
    return { $: shell as unknown as Guest['$'] };
  }

  #answer(command: string): { readonly code?: number; readonly out?: string; readonly err?: string } {
    const verb = /dpkg-query|update|install/.exec(command)?.[0] ?? '';
    const words = / install (.*)/.exec(command)?.[1]?.split(' ') ?? [];
    const names = words.map((word) => word.replaceAll("'", '')).filter((word) => !word.endsWith('-'));
    this.asked.push([verb === 'dpkg-query' ? 'list' : verb, ...words].join(' '));
    const planned = this.before.findIndex(({ on }) => on === verb);
    if (planned >= 0) {
      return this.before.splice(planned, 1)[0] ?? {};
    }
    if (verb === 'dpkg-query') {
      return { out: [...this.installed].map(([name, version]) => `ii \t${name}\t${version}\n`).join('') };
    }
    const unknown = names.filter((name) => !this.index.has(name));
    if (unknown.length > 0) {
      return { code: 100, err: unknown.map((name) => `E: Unable to locate package ${name}`).join('\n') };
    }
    const broken = names.find((name) => this.broken.has(name));
    if (broken) {
      return { code: 100, err: this.broken.get(broken) ?? '' };
    }
    for (const name of names) {
      this.installed.set(name, this.index.get(name) ?? '');
    }
    return {};
  }
}

const distro = distroLike();

const parts = ['qemu', 'virtiofsd', 'firecracker'] as const;

function ask(apt: Apt, over: Partial<InstallingDistro> = {}) {
  const told: string[] = [];
  const pauses: number[] = [];
  const done = installMissing(
    apt.guest,
    { ...distro, ...over },
    {
      parts,
      tell: (line) => told.push(line),
      signal: new AbortController().signal,
      pause: async (milliseconds) => {
        pauses.push(milliseconds);
      },
    },
  );
  return { done, told, pauses };
}

describe('what a machine lacks', () => {
  it('is installed at once, and only that', async () => {
    const apt = new Apt();
    apt.installed.set('zstd', '1');

    const { parts: states, packages, added, lacking, deviations } = await ask(apt).done;

    expect(apt.asked).toEqual([
      'list',
      'update',
      'install qemu-system-x86 virtiofsd busybox-static cpio iproute2 kmod socat xz-utils',
      'list',
    ]);
    expect(states).toEqual({
      qemu: { state: 'installed', package: 'qemu-system-x86', version: '10.0' },
      virtiofsd: { state: 'installed', package: 'virtiofsd', version: '1.13' },
    });
    expect(packages).toMatchObject({ libc6: '2.41', zstd: '1', virtiofsd: '1.13' });
    expect(Object.keys(added)).not.toContain('libc6');
    expect(added).toMatchObject({ 'qemu-system-x86': '10.0' });
    expect(lacking).toEqual([]);
    expect(deviations).toEqual([expect.stringContaining('installed by apt: qemu-system-x86 virtiofsd')]);
  });

  it('is asked of no mirror where nothing is missing', async () => {
    const apt = new Apt();
    for (const [name, version] of apt.index) {
      apt.installed.set(name, version);
    }

    const { added, deviations } = await ask(apt).done;

    expect(apt.asked).toEqual(['list']);
    expect([added, deviations]).toEqual([{}, []]);
  });

  it('and what the index does not have keeps the rest from nothing', async () => {
    const apt = new Apt();
    apt.index.delete('virtiofsd');
    apt.index.delete('socat');

    const { parts: states, lacking, deviations } = await ask(apt).done;

    expect(states.virtiofsd).toEqual({
      ...{ state: 'not-packaged', package: 'virtiofsd', said: 'E: Unable to locate package virtiofsd' },
    });
    expect(states.qemu).toMatchObject({ state: 'installed' });
    expect(lacking).toEqual([{ name: 'socat', said: 'E: Unable to locate package socat' }]);
    expect(deviations.join('\n')).toContain('without socat');
  });

  it('and what cannot be installed keeps the rest from nothing, although apt does not say which', async () => {
    const apt = new Apt();
    apt.broken.set('virtiofsd', 'E: Unable to correct problems, you have held broken packages.');

    const { parts: states } = await ask(apt).done;

    expect(states.virtiofsd).toMatchObject({
      ...{ state: 'uninstallable', said: 'E: Unable to correct problems, you have held broken packages.' },
    });
    expect(states.qemu).toMatchObject({ state: 'installed', version: '10.0' });
  });

  it("leaves out the recommended packages that the release's images leave out", async () => {
    const apt = new Apt();
    const qemu: BuiltImage = {
      ...{ build: 'mmdebstrap', suite: 'trixie', components: ['main'], sources: [], include: [] },
      ...{ exclude: ['qemu-system-gui'], emulateWithout: [] },
    };

    const { deviations } = await ask(apt, { images: { qemu } }).done;

    expect(apt.asked[2]).toContain(' qemu-system-gui-');
    expect(deviations).toContain('left out of the Recommends: qemu-system-gui');
  });
});

const mirror = {
  ...{ on: 'update', code: 100 },
  err: 'E: Failed to fetch http://127.0.0.1:9/x/./InRelease  Unable to connect to 127.0.0.1:9:',
};
const held = {
  ...{ on: 'install', code: 100 },
  err: 'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 2448 (unattended-upgr)',
};

describe('trouble on the way', () => {
  it('of a mirror is tried again', async () => {
    const apt = new Apt();
    apt.before.push(mirror, { ...mirror, on: 'install' });

    const { done, told, pauses } = ask(apt);

    expect((await done).parts.qemu).toMatchObject({ state: 'installed' });
    expect(pauses).toEqual([5000, 5000]);
    expect(told.join('\n')).toContain('a mirror fails, trying again in 5 s: E: Failed to fetch');
  });

  it("of a mirror that stays so is the farm's, never a verdict", async () => {
    const apt = new Apt();
    apt.before.push(mirror, mirror, mirror);

    await expect(ask(apt).done).rejects.toMatchObject({
      name: 'MirrorTrouble',
      message: expect.stringContaining('E: Failed to fetch'),
    });
    expect(apt.asked).toEqual(['list', 'update', 'update', 'update']);
  });

  it('by somebody else at work is waited for', async () => {
    const apt = new Apt();
    apt.before.push(...Array.from({ length: 20 }, () => held));

    const { done, told, pauses } = ask(apt);

    expect((await done).parts.qemu).toMatchObject({ state: 'installed' });
    expect(pauses).toHaveLength(20);
    expect(told.filter((line) => line.startsWith('waiting for who holds'))).toHaveLength(1);
  });

  it('by somebody who never ends is no verdict', async () => {
    const apt = new Apt();
    apt.before.push(...Array.from({ length: 1000 }, () => held));

    await expect(ask(apt).done).rejects.toMatchObject({ name: 'ManagerHeld' });
  });

  it('of the way to the machine is told apart', async () => {
    const apt = new Apt();
    apt.before.push({ on: 'install', code: 255, err: '' });

    await expect(ask(apt).done).rejects.toThrow(TransportError);
  });

  it.each([
    { what: 'a full disk', err: 'dpkg: error: No space left on device', said: "the machine's disk is full" },
    { what: 'what nobody knows', err: 'something new', said: '(status 100): something new' },
  ])("by $what is the farm's", async ({ err, said }) => {
    const apt = new Apt();
    apt.before.push({ on: 'install', code: 100, err });

    await expect(ask(apt).done).rejects.toThrow(said);
  });

  it('is said at once for a package manager that the farm can not be served by', async () => {
    const { done } = ask(new Apt(), { id: 'nixos-26.05', packageManager: 'nix' });

    await expect(done).rejects.toThrow('cannot install anything on nixos-26.05: NixOS installs nothing');
  });
});
