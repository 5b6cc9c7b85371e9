import { describe, expect, it } from 'vitest';
import { channelPort, isBare, type MachineSpec, machineArgv } from '../../../src/providers/qemu/argv.ts';

const spec: MachineSpec = {
  name: 'katafarm-20261121-2225-b0a7-debian-13-host-host.kvm-1',
  accelerator: 'tcg',
  emulateWithout: [],
  vcpus: 1,
  memoryMiB: 6144,
  memory: { file: '/cache/work/1-memory', share: true },
  kernel: '/cache/images/abc/vmlinuz',
  initrd: '/cache/images/abc/initrd',
  commandLine: 'root=/dev/vda rw console=ttyS0',
  disk: '/cache/work/2-disk.qcow2',
  network: true,
  sockets: '/tmp/katafarm-abcdef/3-s',
  console: '/runs/console.log',
  incoming: false,
};

/** The values that follow an option, each time it is given. */
function valuesOf(option: string, argv: readonly string[]): readonly string[] {
  return argv.flatMap((word, index) => (word === option ? [argv[index + 1] ?? ''] : []));
}

describe('the command line of a machine that boots', () => {
  it('is this, word by word', () => {
    expect(machineArgv(spec)).toMatchInlineSnapshot(`
      [
        "-name",
        "katafarm-20261121-2225-b0a7-debian-13-host-host.kvm-1",
        "-nodefaults",
        "-no-user-config",
        "-display",
        "none",
        "-machine",
        "q35,memory-backend=ram",
        "-accel",
        "tcg,thread=multi",
        "-cpu",
        "max,la57=off",
        "-smp",
        "1",
        "-m",
        "6144",
        "-object",
        "memory-backend-file,id=ram,size=6144M,mem-path=/cache/work/1-memory,share=on",
        "-kernel",
        "/cache/images/abc/vmlinuz",
        "-initrd",
        "/cache/images/abc/initrd",
        "-append",
        "root=/dev/vda rw console=ttyS0",
        "-drive",
        "if=none,id=disk,file=/cache/work/2-disk.qcow2,format=qcow2,cache=unsafe,discard=unmap",
        "-device",
        "virtio-blk-pci,drive=disk",
        "-netdev",
        "user,id=net,restrict=off,hostfwd=tcp:127.0.0.1:0-10.0.2.15:22",
        "-device",
        "virtio-net-pci,netdev=net,romfile=",
        "-device",
        "virtio-serial-pci",
        "-chardev",
        "socket,id=channel,path=/tmp/katafarm-abcdef/3-s/channel,server=on,wait=off",
        "-device",
        "virtserialport,chardev=channel,name=org.katafarm.channel",
        "-chardev",
        "file,id=console,path=/runs/console.log",
        "-serial",
        "chardev:console",
        "-object",
        "rng-random,id=rng,filename=/dev/urandom",
        "-device",
        "virtio-rng-pci,rng=rng",
        "-device",
        "vmgenid,guid=auto",
        "-qmp",
        "unix:/tmp/katafarm-abcdef/3-s/qmp,server=on,wait=off",
      ]
    `);
  });

  it('names the machine, its accelerator alone, and its memory', () => {
    const argv = machineArgv(spec);

    expect(valuesOf('-name', argv)).toEqual([spec.name]);
    expect(valuesOf('-accel', argv)).toEqual(['tcg,thread=multi']);
    expect(valuesOf('-machine', argv).join()).not.toContain('accel=');
    expect(valuesOf('-m', argv)).toEqual(['6144']);
  });

  it('has AMD SVM under emulation, and a CPU that can be saved under KVM', () => {
    expect(valuesOf('-cpu', machineArgv(spec))[0]).toMatch(/^max/);
    expect(valuesOf('-cpu', machineArgv({ ...spec, accelerator: 'kvm' }))).toEqual(['host,migratable=on']);
  });
});

describe('the command line of a clone', () => {
  const clone: MachineSpec = { ...spec, incoming: true, memory: { ...spec.memory, share: false } };

  it('differs from the template in nothing but its private memory and its wait for a state', () => {
    const [template, cloned] = [machineArgv(spec), machineArgv(clone)];

    expect(cloned.slice(-2)).toEqual(['-incoming', 'defer']);
    expect(cloned.slice(0, -2).filter((word, index) => word !== template[index])).toEqual([
      'memory-backend-file,id=ram,size=6144M,mem-path=/cache/work/1-memory,share=off',
    ]);
  });
});

describe('every machine', () => {
  const all = [true, false].flatMap((network) =>
    (['kvm', 'tcg'] as const).flatMap((accelerator) =>
      [true, false].map((incoming) => machineArgv({ ...spec, network, accelerator, incoming })),
    ),
  );

  it.each(all)('has no device that would break its freezing (%#)', (...argv) => {
    expect(argv.join(' ')).not.toMatch(/balloon|virtio-mem|9p|virtfs|vhost-user|virtio-pmem/);
    expect(argv).toContain('-nodefaults');
  });

  it.each(all)('is reached over loopback only, by a port that QEMU chooses (%#)', (...argv) => {
    const forwards = argv.join(' ').match(/(hostfwd|guestfwd)=[^,\s]+/g);

    expect(forwards).toEqual(['hostfwd=tcp:127.0.0.1:0-10.0.2.15:22']);
    expect(valuesOf('-netdev', argv)).toHaveLength(1);
  });

  it.each(all)('listens on nothing but Unix sockets of its own folder (%#)', (...argv) => {
    const listeners = argv.filter((word) => word.includes('server=on'));

    expect(listeners).toHaveLength(2);
    expect(listeners.every((word) => word.includes(spec.sockets))).toBe(true);
    expect(argv).not.toContain('-vnc');
    expect(valuesOf('-device', argv)).toContain(`virtserialport,chardev=channel,name=${channelPort}`);
  });

  it.each([
    [false, 'on'],
    [true, 'off'],
  ])('that may use the network: %s, is restricted: %s', (network, restricted) => {
    const [netdev = ''] = valuesOf('-netdev', machineArgv({ ...spec, network }));

    expect(netdev.split(',')).toContain(`restrict=${restricted}`);
  });
});

describe('what a machine is given', () => {
  it('leaves CPU features out under emulation, and nowhere else', () => {
    const without = { ...spec, emulateWithout: ['xsave'] };

    expect(valuesOf('-cpu', machineArgv(without))).toEqual(['max,la57=off,xsave=off']);
    expect(valuesOf('-cpu', machineArgv({ ...without, accelerator: 'kvm' }))).toEqual(['host,migratable=on']);
  });

  it('hides that the processor is virtual where it is to be bare, by either accelerator', () => {
    const bare = { ...spec, bare: true, emulateWithout: ['xsave'] };
    const [emulated, native] = [machineArgv(bare), machineArgv({ ...bare, accelerator: 'kvm' })];

    expect(valuesOf('-cpu', emulated)).toEqual(['max,la57=off,xsave=off,-hypervisor']);
    expect(valuesOf('-cpu', native)).toEqual(['host,migratable=on,-hypervisor']);
    expect([emulated, native, machineArgv(spec)].map(isBare)).toEqual([true, true, false]);
  });

  it('writes a comma in a path twice, as QEMU reads its options', () => {
    const argv = machineArgv({ ...spec, console: '/runs/a,b/console.log' });

    expect(valuesOf('-chardev', argv)).toContain('file,id=console,path=/runs/a,,b/console.log');
  });
});

describe('a machine that boots by what is on its disk', () => {
  const bios = machineArgv({ ...spec, firmware: { kind: 'bios' } });
  const uefi = { kind: 'uefi', code: '/images/abc/code.fd', vars: '/images/abc/vars.fd' } as const;

  it('is given no kernel, and starts with its disk', () => {
    expect(bios).not.toContain('-kernel');
    expect(bios).not.toContain('-append');
    expect(valuesOf('-device', bios)).toContain('virtio-blk-pci,drive=disk,bootindex=0');
  });

  it('reads its UEFI, and what it writes to its variables ends with it', () => {
    expect(valuesOf('-drive', machineArgv({ ...spec, firmware: uefi })).slice(0, 2)).toEqual([
      'if=pflash,unit=0,format=raw,readonly=on,file=/images/abc/code.fd',
      'if=pflash,unit=1,format=raw,file=/images/abc/vars.fd,snapshot=on',
    ]);
  });

  it('keeps its variables at its first boot', () => {
    expect(valuesOf('-drive', machineArgv({ ...spec, firmware: { ...uefi, keep: true } }))[1]).toBe(
      'if=pflash,unit=1,format=raw,file=/images/abc/vars.fd',
    );
  });

  it('has its seed behind all other devices, which are where they are without it', () => {
    const seeded = machineArgv({ ...spec, firmware: { kind: 'bios' }, seed: '/work/seed' });
    const devices = valuesOf('-device', seeded);

    expect(devices.at(-1)).toBe('virtio-blk-pci,drive=seed');
    expect(devices.slice(0, -1)).toEqual(valuesOf('-device', bios));
    expect(valuesOf('-drive', seeded).at(-1)).toBe('if=none,id=seed,file=/work/seed,format=raw,readonly=on');
  });
});
