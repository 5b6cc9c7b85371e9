import { describe, expect, it } from 'vitest';
import { type Found, foundIn } from '../../../src/install/found.ts';
import type { KataLayout } from '../../../src/install/had-kata.ts';
import { type KataStackId, kataStacks, type VariantInput, variantOf } from '../../../src/install/variant.ts';

const share = '/opt/kata/share/kata-containers';
const shipped = '/opt/kata/share/defaults/kata-containers';

const layout: KataLayout = {
  version: '4.1.0',
  shims: {
    rust: '/opt/kata/runtime-rs/bin/containerd-shim-kata-v2',
    go: '/opt/kata/bin/containerd-shim-kata-v2',
  },
  configs: {
    rust: {
      qemu: `${shipped}/runtime-rs/configuration-qemu-runtime-rs.toml`,
      clh: `${shipped}/runtime-rs/configuration-clh-runtime-rs.toml`,
      dragonball: `${shipped}/runtime-rs/configuration-dragonball.toml`,
    },
    go: { qemu: `${shipped}/configuration-qemu.toml`, fc: `${shipped}/configuration-fc.toml` },
  },
  pieces: {
    shim: '/opt/kata/runtime-rs/bin/containerd-shim-kata-v2',
    qemu: '/opt/kata/bin/qemu-system-x86_64',
    'cloud-hypervisor': '/opt/kata/bin/cloud-hypervisor',
    firecracker: '/opt/kata/bin/firecracker',
    virtiofsd: '/opt/kata/libexec/virtiofsd',
    kernel: `${share}/vmlinuz.container`,
    vmlinux: `${share}/vmlinux.container`,
    image: `${share}/kata-containers.img`,
    initrd: `${share}/kata-containers-initrd.img`,
    dragonball: `${share}/vmlinux-dragonball-experimental.container`,
  },
};

const found: Found = {
  qemu: '/usr/bin/qemu-system-x86_64',
  virtiofsd: '/usr/libexec/virtiofsd',
  kernel: '/boot/vmlinuz-6.12.107',
  initrd: '/var/lib/katafarm/distro-kernel-initrd.img',
  lacks: [],
  shmMiB: 2990,
  memoryMiB: 5980,
};

function made(stack: KataStackId, change: Partial<VariantInput> = {}) {
  const input: VariantInput = {
    ...{ layout, found, nestedMs: 1_500, factor: 1, initrdOnly: false },
    kernelParamsOf: () => 'cgroup_no_v1=all',
    ...change,
  };
  const variant = variantOf(stack, input);
  if (!('base' in variant)) {
    throw new Error(`no variant: ${variant.because}`);
  }
  return variant;
}

/** What its drop-in says of the hypervisor. */
const keysOf = ({ dropIn }: ReturnType<typeof made>) =>
  Object.values(dropIn['hypervisor'] as Record<string, Record<string, unknown>>)[0] ?? {};

describe('a variant', () => {
  it("of qemu has the distro's QEMU and virtiofsd, and Kata's guest", () => {
    const variant = made('qemu');

    expect(variant.base).toBe(layout.configs.rust?.['qemu']);
    expect(variant.dropIn).toEqual({
      hypervisor: {
        qemu: {
          path: '/usr/bin/qemu-system-x86_64',
          valid_hypervisor_paths: ['/usr/bin/qemu-system-x86_64'],
          virtio_fs_daemon: '/usr/libexec/virtiofsd',
          valid_virtio_fs_daemon_paths: ['/usr/libexec/virtiofsd'],
          kernel: `${share}/vmlinuz.container`,
          image: `${share}/kata-containers.img`,
          initrd: '',
        },
      },
    });
    expect(variant.installed).toMatchObject({
      config: '/etc/katafarm/qemu/configuration.toml',
      vmm: { whose: 'distro' },
      kernel: { whose: 'kata' },
      departures: [],
      stretched: [],
    });
  });

  it("of an upstream stack takes nothing of the distro's", () => {
    const { installed } = made('qemu.upstream', { found: { lacks: [], shmMiB: 2990, memoryMiB: 5980 } });

    expect(installed.vmm).toEqual({ path: '/opt/kata/bin/qemu-system-x86_64', whose: 'kata' });
    expect(installed.virtiofsd).toEqual({ path: '/opt/kata/libexec/virtiofsd', whose: 'kata' });
  });

  it("of a distro's kernel boots an initrd that loads its modules, and keeps Kata's own words to the kernel", () => {
    const keys = keysOf(made('qemu+distro-kernel'));

    expect(keys).toMatchObject({
      kernel: '/boot/vmlinuz-6.12.107',
      image: '',
      initrd: '/var/lib/katafarm/distro-kernel-initrd.img',
      kernel_params: 'cgroup_no_v1=all rdinit=/katafarm-init',
    });
  });

  it('takes the Go shim where the Rust one has no configuration for the hypervisor', () => {
    const firecracker = { ...found, firecracker: '/usr/bin/firecracker' };

    expect(made('firecracker', { found: firecracker }).installed.runtime).toBe('go');
  });

  it('has no VMM and no virtiofsd where both are in the shim', () => {
    const { installed } = made('dragonball');

    expect(installed).not.toHaveProperty('vmm');
    expect(installed).not.toHaveProperty('virtiofsd');
  });

  it('boots the initrd where the agent is one of its own', () => {
    expect(keysOf(made('qemu', { initrdOnly: true }))).toMatchObject({
      image: '',
      initrd: `${share}/kata-containers-initrd.img`,
    });
  });

  it.each([
    {
      what: 'no nvdimm',
      lacks: ['nvdimm'] as const,
      keys: { vm_rootfs_driver: 'virtio-blk-pci' },
      said: "vm_rootfs_driver = virtio-blk-pci, as the distro's QEMU has no nvdimm",
    },
    {
      what: 'no io_uring',
      lacks: ['io_uring'] as const,
      keys: { block_device_aio: 'threads' },
      said: 'block_device_aio = threads, as kernel.io_uring_disabled is 2',
    },
  ])('departs from one default of Kata where there is $what, and says so', ({ lacks, keys, said }) => {
    const variant = made('qemu', {
      found: { ...found, lacks, ioUring: 'kernel.io_uring_disabled is 2' },
    });

    expect(keysOf(variant)).toMatchObject(keys);
    expect(variant.installed.departures).toEqual([said]);
  });

  it("departs in nothing for Kata's own QEMU, which is not the distro's", () => {
    expect(made('qemu.upstream', { found: { ...found, lacks: ['nvdimm'] } }).installed.departures).toEqual(
      [],
    );
  });

  it('keeps a sandbox within /dev/shm, and records it', () => {
    const variant = made('qemu', { found: { ...found, shmMiB: 1000 } });

    expect(keysOf(variant)).toMatchObject({ default_memory: 768 });
    expect(variant.installed.stretched).toEqual([
      "default_memory = 768, as this machine's /dev/shm has 1000 MiB",
    ]);
  });

  it.each([
    {
      what: 'leaves limits as they are where a guest is quick',
      stack: 'qemu',
      nestedMs: 1_500,
      agent: undefined,
    },
    {
      what: 'stretches both limits of the Rust shim',
      stack: 'qemu',
      nestedMs: 14_200,
      agent: { kata: { reconnect_timeout_ms: 90_000, create_container_timeout: 90 } },
    },
    {
      what: 'stretches the one that a guest comes near',
      stack: 'qemu',
      nestedMs: 3_000,
      agent: { kata: { reconnect_timeout_ms: 20_000 } },
    },
    {
      what: 'says the same to the Go shim in its own words',
      stack: 'firecracker',
      nestedMs: 14_200,
      agent: { kata: { dial_timeout: 90 } },
    },
  ] as const)('$what', ({ stack, nestedMs, agent }) => {
    const variant = made(stack, { nestedMs, found: { ...found, firecracker: '/usr/bin/firecracker' } });

    expect(variant.dropIn['agent']).toEqual(agent);
    expect(variant.installed.stretched.length > 0).toBe(agent !== undefined);
  });

  it('goes by the factor where no guest was measured', () => {
    const { installed } = made('qemu', { nestedMs: undefined, factor: 7 });

    expect(installed.stretched[0]).toBe('the agent may take 90 s to answer, as a guest takes 14.0 s here');
  });

  it.each([
    { stack: 'qemu', change: { found: { ...found, qemu: undefined } }, because: 'the distro has no qemu' },
    { stack: 'clh', change: {}, because: 'the distro has no clh' },
    {
      stack: 'qemu+distro-kernel',
      change: { found: { ...found, initrd: undefined } },
      because: "no initrd could be made for the distro's kernel",
    },
    {
      stack: 'dragonball',
      change: { layout: { ...layout, configs: {} } },
      because: 'this Kata has no shim with a configuration for dragonball',
    },
  ] as const)('says why there is no $stack', ({ stack, change, because }) => {
    const input = {
      ...{ layout, found, nestedMs: 1_500, factor: 1, initrdOnly: false, kernelParamsOf: () => '' },
      ...change,
    } as VariantInput;

    expect(variantOf(stack, input)).toEqual({ stack, because });
  });

  it('has a folder to itself for each stack, as drop-ins hold for a whole folder', () => {
    const folders = kataStacks.map(
      (stack) =>
        made(stack, {
          found: {
            ...found,
            'cloud-hypervisor': '/usr/bin/cloud-hypervisor',
            firecracker: '/usr/bin/firecracker',
          },
        }).installed.config,
    );

    expect(new Set(folders).size).toBe(kataStacks.length);
  });
});

describe('what was found', () => {
  it('is read from what the looking script prints', () => {
    const text = [
      'qemu=/usr/bin/qemu-system-x86_64',
      'virtiofsd=/usr/libexec/virtiofsd',
      'kernel=/boot/vmlinuz-6.1.0',
      'nvdimm=no',
      'io-uring=kernel.io_uring_disabled is 2',
      'shm-mib=2990',
      'memory-mib=5980',
    ].join('\n');

    expect(foundIn(text)).toEqual({
      qemu: '/usr/bin/qemu-system-x86_64',
      virtiofsd: '/usr/libexec/virtiofsd',
      kernel: '/boot/vmlinuz-6.1.0',
      lacks: ['nvdimm', 'io_uring'],
      ioUring: 'kernel.io_uring_disabled is 2',
      shmMiB: 2990,
      memoryMiB: 5980,
    });
  });
});
