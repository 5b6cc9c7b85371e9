import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { phaseLimits } from '../../machine/limits.ts';
import type { Tell } from '../../machine/machine.ts';
import { askFeatures, compileProfiles, haveCompiled, writeFeatures } from './apparmor-cache.ts';
import { type Finished, runBound } from './bound-child.ts';
import { contained } from './contained.ts';
import { customizeScript, type ImageRecipe } from './image-recipe.ts';
import { type IndexSource, keepLists, readLists } from './package-index.ts';
import { removeTree } from './remove-tree.ts';

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

/** The root at `$1` as a disk in the folder `$2`. The kernel mounts a /dev of its own; only root could make nodes. */
const convert = `
PATH=$PATH:/usr/sbin:/sbin
${compileProfiles}
rm -rf "$1"/dev/*
mke2fs -q -t ext4 -L root -d "$1" "$2/disk.raw" ${diskSize}
rm -rf --one-file-system "$1"
`;

/** What is done to every root, as text: images that another builder made are not ours. */
export const builder = extract + askFeatures + convert + keepLists;

/** What building an image found out beyond its files. */
export interface Found {
  /** Departures from the distro's defaults that the recipe cannot know of. */
  readonly deviations: readonly string[];
  /** The archives that it was made from. */
  readonly index: readonly IndexSource[];
}

/**
 * Builds an image's files into `folder`; `qemu` is the host's, for what only a running kernel knows. Throws a
 * UserError (exit 3) with the tools' own last words.
 */
export async function buildImage(
  recipe: ImageRecipe,
  folder: string,
  qemu: string,
  tell: Tell,
  signal: AbortSignal,
): Promise<Found> {
  const tree = join(folder, 'root');
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);

  const run = async (argv: readonly string[]) => {
    const finished = await runBound(['env', 'LC_ALL=C', `TMPDIR=${temporary}`, ...contained(argv)], {
      signal,
      stall: { seconds: phaseLimits.image.hostSeconds, what: `${recipe.distro}'s image to be built` },
      onLine: (line) => {
        if (line.startsWith('I: ') && !/hook|received signal/.test(line)) {
          tell(`${recipe.distro}: ${line.slice(3)}`);
        }
      },
    });
    if (finished.code !== 0) {
      throw complaint(recipe, finished);
    }
    return finished.output;
  };

  await run([
    'mmdebstrap',
    '--mode=root',
    `--customize-hook=${customizeScript(recipe)}`,
    `--customize-hook=${keepLists}`,
    ...recipe.options,
    recipe.suite,
    tree,
    ...recipe.mirrors,
  ]);

  tell(`${recipe.distro}: making the disk`);
  const inside = (script: string) => run(['/bin/sh', '-euc', script, 'sh', tree, folder]);
  await inside(extract);
  await writeFeatures(qemu, folder, signal);
  const said = await inside(convert);
  const index = await readLists(join(folder, 'lists'));
  await Promise.all([removeTree(temporary), removeTree(join(folder, 'lists'))]);
  const compiled = "AppArmor's profiles were compiled while the image was built, as a first boot would";
  return { deviations: haveCompiled(said) ? [compiled] : [], index };
}

function complaint(recipe: ImageRecipe, { code, signal, output }: Finished): UserError {
  const worth = output
    .split('\n')
    .filter((line) => /^(E|Err|mke2fs|cat|rm|unshare|newuidmap)\b|No space/.test(line));
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
    /unshare: (no line matching|unrecognized option|unshare failed|write failed)|newuidmap/,
    'an ordinary user needs newuidmap, a range in /etc/subuid, util-linux 2.38, and user namespaces that the kernel allows; `katafarm doctor` says more',
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
