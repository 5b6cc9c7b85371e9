import { describe, expect, it } from 'vitest';
import { toolsOfPlan } from '../../../src/commands/tools-of-plan.ts';
import type { BuiltImage } from '../../../src/domain/image-source.ts';
import { rootRecipe } from '../../../src/host/mmdebstrap.ts';
import { nestedGuestScript } from '../../../src/host/nested-guest.ts';
import { type MachineSpec, machineArgv } from '../../../src/providers/qemu/argv.ts';
import { machineTypeOf } from '../../../src/providers/qemu/host-machines.ts';
import { judge } from '../../../src/providers/qemu/judge-trials.ts';
import { distroLike } from '../../support/domain.ts';

const spec: MachineSpec = {
  ...{
    arch: 'arm64',
    name: 'katafarm-r-c',
    accelerator: 'tcg',
    emulateWithout: [],
    vcpus: 1,
    memoryMiB: 6144,
  },
  ...{ memory: { file: '/m', share: true }, kernel: '/k', initrd: '/i', commandLine: 'console=ttyAMA0' },
  ...{ disk: '/d', network: false, sockets: '/s', console: '/c', incoming: false },
};
const wordAfter = (argv: readonly string[], word: string) => argv[argv.indexOf(word) + 1];

describe('a machine of arm64', () => {
  it('is a virt board that starts at EL2, where KVM works, with a CPU whose kernel is by a timer that a clone has', () => {
    const argv = machineArgv(spec);

    expect(wordAfter(argv, '-machine')).toBe(
      'virt,virtualization=on,gic-version=3,dtb-randomness=off,memory-backend=ram',
    );
    expect(wordAfter(argv, '-cpu')).toBe('cortex-a72');
    expect(argv.join(' ')).not.toContain('vmgenid');
  });

  it('is asked for less under KVM, which gives no guest EL2', () => {
    expect(wordAfter(machineArgv({ ...spec, accelerator: 'kvm' }), '-machine')).toBe(
      'virt,gic-version=host,memory-backend=ram',
    );
  });

  it("leaves amd64's as they were", () => {
    const { arch: _, ...amd64 } = spec;

    expect(wordAfter(machineArgv(amd64), '-machine')).toBe('q35,memory-backend=ram');
    expect(machineArgv({ ...amd64, arch: 'amd64' })).toEqual(machineArgv(amd64));
  });

  it('is one of the virt boards that its QEMU knows', () => {
    expect(machineTypeOf('virt    QEMU 7.2 ARM Virtual Machine (alias of virt-7.2)\n', 'virt')).toBe(
      'virt-7.2',
    );
  });

  it('has nested virtualisation under emulation where its kernel started at EL2', () => {
    const tried = (flag: string) => judge(undefined, { ms: 4000, flag }, 'this host is x64', 'auto').class;

    expect([tried('el2'), tried('no')]).toEqual(['tcg+svm', 'none']);
  });

  it('brings a guest up on its own board and console', () => {
    const script = nestedGuestScript('/usr/bin/qemu-system-aarch64', 60, 'arm64');

    expect(script).toContain('-machine virt,gic-version=host');
    expect(script).toContain("-append 'console=ttyAMA0 ");
  });

  it('is built for its architecture, and an image of amd64 as before', () => {
    const qemu = {
      build: 'mmdebstrap' as const,
      ...{ suite: 'trixie', components: ['main'], sources: [], include: [] },
      ...{ emulateWithout: [], exclude: [] },
    } satisfies BuiltImage;
    const optionsOf = (arch: 'amd64' | 'arm64') =>
      rootRecipe(distroLike({ arch, images: { qemu } }), { allowExpired: false }).options;

    expect(optionsOf('arm64')).toContain('--architectures=arm64');
    expect(optionsOf('amd64').join(' ')).not.toContain('--architectures');
  });
});

describe('the tools of a plan', () => {
  const names = (provider: string, distro: 'debian-13' | 'debian-13@arm64') => {
    const variant = provider === 'ssh' ? 'ssh' : 'qemu:built';
    const batch = { id: `${distro}/${variant}`, distro, provider, variant, memoryMiB: 1, cells: [] } as const;
    return toolsOfPlan({ batches: [batch], skipped: [] }, 'x64').map(({ name }) => name);
  };

  it('are those of arm64 only where such a release is in it', () => {
    expect(names('qemu', 'debian-13@arm64')).toContain('qemu-system-aarch64');
    expect(names('qemu', 'debian-13')).not.toContain('qemu-system-aarch64');
  });

  it('are next to none for a machine that exists', () => {
    expect(names('ssh', 'debian-13@arm64')).toEqual(['ssh', 'setpriv']);
  });
});
