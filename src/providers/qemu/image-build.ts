import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Tell } from '../../machine/machine.ts';
import { compileProfiles, writeFeatures } from './apparmor-cache.ts';
import { type Finished, runBound } from './bound-child.ts';
import { customizeScript, type ImageRecipe } from './image-recipe.ts';

/** The virtual size of a machine's disk; its file is sparse. */
const diskSize = '16G';

/** Out of the root at `$1` into the folder `$2`: kernel, initrd, a static busybox, and the package list. */
const extract = `
PATH=$PATH:/usr/sbin:/sbin
cat "$1"/boot/vmlinuz-* > "$2/vmlinuz"
cat "$1"/boot/initrd.img-* > "$2/initrd"
cat "$1/bin/busybox" > "$2/busybox"
chroot "$1" dpkg-query -W -f '\${Package}\\t\${Version}\\n' > "$2/packages"
`;

/** The root at `$1` as a disk in the folder `$2`. */
const convert = `
PATH=$PATH:/usr/sbin:/sbin
${compileProfiles}
mke2fs -q -t ext4 -L root -d "$1" "$2/disk.raw" ${diskSize}
rm -rf --one-file-system "$1"
`;

const unpack = `
mkdir "$1"
tar -C "$1" --numeric-owner --exclude=./dev/* -xf "$1.tar"
rm "$1.tar"
`;

/** What is done to every root, as text: images that another builder made are not ours. */
export const builder = extract + convert;

/** Namespaces in which everything ends with its parent, mounts included. */
const contained = ['unshare', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=KILL', '--'];
/** An ordinary user's way to files of many owners: /etc/subuid. */
const asManyUsers = ['unshare', '--user', '--map-root-user', '--map-auto', ...contained.slice(1)];

/** Builds an image's files into `folder`; `qemu` is the host's, for what only a running kernel knows. Throws a UserError (exit 3) with the tools' own last words. */
export async function buildImage(
  recipe: ImageRecipe,
  folder: string,
  qemu: string,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const root = process.getuid?.() === 0;
  const tree = join(folder, 'root');
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);

  const run = async (argv: readonly string[]) => {
    const finished = await runBound(['env', 'LC_ALL=C', `TMPDIR=${temporary}`, ...argv], {
      signal,
      onLine: (line) => {
        if (line.startsWith('I: ') && !/hook|received signal/.test(line)) {
          tell(`${recipe.distro}: ${line.slice(3)}`);
        }
      },
    });
    if (finished.code !== 0) {
      throw complaint(recipe, finished);
    }
  };

  const bootstrap = [
    'mmdebstrap',
    `--mode=${root ? 'root' : 'unshare'}`,
    `--customize-hook=${customizeScript(recipe)}`,
    ...recipe.options,
    recipe.suite,
    root ? tree : `${tree}.tar`,
    ...recipe.mirrors,
  ];
  await run(root ? [...contained, ...bootstrap] : bootstrap);

  tell(`${recipe.distro}: making the disk`);
  const inside = (script: string) =>
    run([...(root ? contained : asManyUsers), '/bin/sh', '-euc', script, 'sh', tree, folder]);
  await inside(root ? extract : unpack + extract);
  await writeFeatures(qemu, folder, signal);
  await inside(convert);
  await rm(temporary, { recursive: true, force: true });
}

function complaint(recipe: ImageRecipe, { code, signal, output }: Finished): UserError {
  const worth = output
    .split('\n')
    .filter((line) => /^(E|Err|mke2fs|cat|rm|tar|unshare)\b|No space/.test(line));
  const said = worth.slice(-5).join('\n') || output.slice(-400);
  const ended = signal ? `signal ${signal}` : `exit status ${code}`;
  return new UserError(`cannot build ${recipe.distro}'s image (${ended}): ${hint(output)}\n${said}`, {
    exitCode: 3,
  });
}

function hint(output: string): string {
  return hints.find(([pattern]) => pattern.test(output))?.[1] ?? 'a tool failed; its last words are below';
}

/** What to do about what tools and apt (2.6 to 3.1) say; the first that fits. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /No space left on device|enough free space in/,
    'the disk is full; make room, or put the cache elsewhere with KATAFARM_CACHE=DIR',
  ],
  [
    /is expired|not valid anymore|invalid since/i,
    'the mirror is out of date; take another with --mirror URL, or accept it with --allow-expired-mirror',
  ],
  [
    /Could not (resolve|connect)|Connection (refused|timed out|failed)|Unable to connect/,
    'the mirror cannot be reached; check network and proxy, or take another with --mirror URL',
  ],
  [
    /does not have a Release file|Failed to fetch|Hash Sum mismatch/,
    'the mirror lacks what it should have; try again later, or take another with --mirror URL',
  ],
];
