import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Runs containers by runc's shim, in no VM, and takes Kata's runtime options all the same. */
const standIn = resolve(import.meta.dirname, '../e2e/stand-in/containerd-shim-kata-v2');

/**
 * What is in the shim's place: the stand-in; runc's own shim, which Kata's runtime options are unknown to; a program for
 * another computer; a program that has nothing to say; nothing at all.
 */
export type StandInShim = 'stand-in' | 'runc' | 'foreign' | 'mute' | 'missing';

const scripts = {
  runc: '#!/bin/sh\nexec /usr/bin/containerd-shim-runc-v2 "$@"\n',
  mute: '#!/bin/sh\ncat >/dev/null\n',
} as const;

/** An ELF header of a program for no machine that Linux knows. */
const foreign = Buffer.concat([
  Buffer.from('7f454c46020101000000000000000000', 'hex'),
  Buffer.from('0200fefe01000000', 'hex'),
  Buffer.alloc(40),
]);

export interface StandInKata {
  readonly shim?: StandInShim;
  readonly version?: string;
  /** Where it is made anew; a folder of its own unless given. A machine that has it is found again by this path. */
  readonly folder?: string;
}

/** A tree as of a kata-static archive, with nothing in it that could start a VM. Its path. */
export async function standInKata({
  shim = 'stand-in',
  version = '4.1.0',
  folder: given,
}: StandInKata = {}): Promise<string> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'stand-in-kata-')));
  await rm(folder, { recursive: true, force: true });
  const kata = join(folder, 'opt/kata');
  const guests = join(kata, 'share/kata-containers');
  const configs = join(kata, 'share/defaults/kata-containers/runtime-rs');
  await mkdir(guests, { recursive: true });
  await mkdir(configs, { recursive: true });

  await writeFile(join(kata, 'VERSION'), `${version}\n`);
  await putShim(join(kata, 'runtime-rs/bin/containerd-shim-kata-v2'), shim);
  for (const name of ['vmlinux-6.18.35-202', 'vmlinuz-6.18.35-202', 'kata-ubuntu-resolute.image']) {
    await writeFile(join(guests, name), `this stands in for ${name}\n`);
  }
  await symlink('vmlinux-6.18.35-202', join(guests, 'vmlinux.container'));
  await symlink('vmlinuz-6.18.35-202', join(guests, 'vmlinuz.container'));
  await symlink('kata-ubuntu-resolute.image', join(guests, 'kata-containers.img'));
  await writeFile(join(guests, 'kata-containers-initrd.img'), 'this stands in for an initrd\n');
  for (const [name, text] of Object.entries(configurations)) {
    await writeFile(join(configs, name), text);
  }
  return folder;
}

async function putShim(path: string, shim: StandInShim): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  switch (shim) {
    case 'missing':
      return;
    case 'stand-in':
      await copyFile(standIn, path);
      break;
    case 'foreign':
      await writeFile(path, foreign);
      break;
    case 'runc':
    case 'mute':
      await writeFile(path, scripts[shim]);
      break;
    default:
      shim satisfies never;
  }
  await chmod(path, 0o755);
}

/** As far as they are read by whoever installs a Kata; keys as in src/runtime-rs/config of 4.1. */
const configurations = {
  'configuration-qemu-runtime-rs.toml': configuration('qemu', 'bin/qemu-system-x86_64', [
    'machine_type = "q35"',
    'vm_rootfs_driver = "virtio-pmem"',
    'block_device_aio = "io_uring"',
    ...sharedFolder(),
  ]),
  'configuration-clh-runtime-rs.toml': configuration('clh', 'bin/cloud-hypervisor', sharedFolder()),
  'configuration-rs-fc.toml': configuration('firecracker', 'bin/firecracker', [
    'jailer_path = "/opt/kata/bin/jailer"',
  ]),
} as const satisfies Readonly<Record<string, string>>;

function sharedFolder(): readonly string[] {
  return [
    'shared_fs = "virtio-fs"',
    'virtio_fs_daemon = "/opt/kata/libexec/virtiofsd"',
    'valid_virtio_fs_daemon_paths = ["/opt/kata/libexec/virtiofsd"]',
  ];
}

function configuration(hypervisor: string, program: string, more: readonly string[]): string {
  return `[hypervisor.${hypervisor}]
path = "/opt/kata/${program}"
valid_hypervisor_paths = ["/opt/kata/${program}"]
kernel = "/opt/kata/share/kata-containers/vmlinux.container"
image = "/opt/kata/share/kata-containers/kata-containers.img"
kernel_params = "cgroup_no_v1=all systemd.unified_cgroup_hierarchy=1"
default_memory = 2048
${more.join('\n')}

[agent.kata]
reconnect_timeout_ms = 3000
create_container_timeout = 30

[runtime]
name = "virt_container"
hypervisor_name = "${hypervisor}"
agent_name = "kata"
internetworking_model = "tcfilter"
`;
}
