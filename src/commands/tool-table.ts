import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Context } from './context.ts';

/** Something that the farm runs or reads on its host. */
export interface Tool {
  /** A command to be found in PATH, or a file by its full path. */
  readonly name: string;
  readonly why: string;
  /** Arguments that make it print its version; missing for a file. */
  readonly version?: readonly string[];
  readonly packages: Readonly<Record<PackageManager, string>>;
}

export type PackageManager = 'apt' | 'dnf' | 'pacman';

/** Package names: Debian and Ubuntu, Fedora, Arch. */
function packages(apt: string, dnf: string, pacman: string): Tool['packages'] {
  return { apt, dnf, pacman };
}

/** Everything that a run needs of its host, whoever starts it. */
const tools: readonly Tool[] = [
  {
    name: 'qemu-system-x86_64',
    why: 'runs the machines',
    version: ['--version'],
    packages: packages('qemu-system-x86', 'qemu-system-x86-core', 'qemu-system-x86'),
  },
  {
    name: 'qemu-img',
    why: 'makes their disks',
    version: ['--version'],
    packages: packages('qemu-utils', 'qemu-img', 'qemu-img'),
  },
  {
    name: 'mmdebstrap',
    why: 'builds images of Debian releases',
    version: ['--version'],
    packages: packages('mmdebstrap', 'mmdebstrap', 'mmdebstrap'),
  },
  {
    name: 'mke2fs',
    why: "makes an image's file system",
    version: ['-V'],
    packages: packages('e2fsprogs', 'e2fsprogs', 'e2fsprogs'),
  },
  {
    name: 'ssh',
    why: 'runs commands in machines',
    version: ['-V'],
    packages: packages('openssh-client', 'openssh-clients', 'openssh'),
  },
  {
    name: 'ssh-keygen',
    why: 'makes the keys of machines',
    packages: packages('openssh-client', 'openssh-clients', 'openssh'),
  },
  {
    name: 'setpriv',
    why: 'ends machines with the farm, however it dies',
    version: ['--version'],
    packages: packages('util-linux', 'util-linux', 'util-linux'),
  },
  {
    name: 'unshare',
    why: 'lets an ordinary user build images',
    version: ['--version'],
    packages: packages('util-linux', 'util-linux', 'util-linux'),
  },
  {
    name: '/usr/share/keyrings/debian-archive-keyring.gpg',
    why: "verifies what Debian's mirrors serve",
    packages: packages('debian-archive-keyring', 'debian-keyring', 'debian-archive-keyring'),
  },
];

/** What mmdebstrap needs beside them in a user namespace. */
const ordinaryUsersTools: readonly Tool[] = [
  {
    name: 'newuidmap',
    why: 'lets an ordinary user build images',
    packages: packages('uidmap', 'shadow-utils', 'shadow'),
  },
];

/** What only some archives of Kata need. */
export const xz: Tool = {
  name: 'xz',
  why: 'unpacks archives of Kata that are .tar.xz',
  version: ['--version'],
  packages: packages('xz-utils', 'xz', 'xz'),
};

/** What only cloud images need that do not boot by a BIOS: firmware, as its descriptors tell of it. */
export const uefi: Tool = {
  name: '/usr/share/qemu/firmware',
  why: 'boots cloud images by UEFI',
  packages: packages('ovmf', 'edk2-ovmf', 'edk2-ovmf'),
};

/** What `--provider docker` takes, where the engine is to be this host's own. */
export const engine: Tool = {
  name: 'dockerd',
  why: 'runs containers, for --provider docker',
  version: ['--version'],
  packages: packages('docker.io', 'moby-engine', 'docker'),
};

/** What a run does without, unless it is asked for something that takes it. */
export const recommended: readonly Tool[] = [xz, uefi];

/** What a run needs of its host when this user starts it. */
export function toolsFor(uid = userInfo().uid): readonly Tool[] {
  return uid === 0 ? tools : [...tools, ...ordinaryUsersTools];
}

/** Where a tool is; undefined where it is not. Looks into the `sbin` folders as well, which ordinary users' PATH lacks. */
export async function locate(
  { name }: Pick<Tool, 'name'>,
  path: string | undefined,
): Promise<string | undefined> {
  const file = name.startsWith('/');
  const candidates = file
    ? [name]
    : [...(path ?? '').split(delimiter), '/usr/sbin', '/sbin'].map((folder) => join(folder, name));

  for (const candidate of candidates) {
    const there = await access(candidate, file ? constants.R_OK : constants.X_OK).then(
      () => true,
      () => false,
    );
    if (there) {
      return candidate;
    }
  }
  return undefined;
}

/** The tools of a list that this host lacks. */
export async function missingTools(
  { env }: Pick<Context, 'env'>,
  needed: readonly Tool[] = toolsFor(),
): Promise<readonly Tool[]> {
  const places = await Promise.all(needed.map((tool) => locate(tool, env['PATH'])));
  return needed.filter((_, index) => places[index] === undefined);
}
