import { isPackaged } from '../domain/claim.ts';
import type { Distro } from '../domain/distro.ts';
import { engineParts, parts } from '../domain/stack.ts';
import { phaseLimits } from '../machine/limits.ts';
import type { Tell } from '../machine/machine.ts';
import { posixQuote } from '../machine/quote.ts';
import { runBound } from './bound-child.ts';
import { contained } from './contained.ts';
import { complaint } from './tool-complaint.ts';

/** What mmdebstrap is told of a release, less mode, hooks and target. */
export interface RootRecipe {
  readonly distro: string;
  readonly options: readonly string[];
  readonly suite: string;
  /** What follows the target on mmdebstrap's command line; empty: the mirrors that it knows. */
  readonly mirrors: readonly string[];
}

export interface Mirror {
  readonly url?: string | undefined;
  readonly allowExpired: boolean;
}

/** What a root is made of: the release's own packages of the parts, and what its recipe includes. */
export function rootRecipe(
  distro: Distro,
  mirror: Mirror,
  leftOut: readonly (keyof Distro['parts'])[] = [],
): RootRecipe {
  const image = distro.images.qemu;
  if (!image) {
    throw new TypeError(`${distro.id} has no image recipe`);
  }

  const packaged = parts
    .filter((part) => part !== 'kata' && !engineParts.some((engine) => engine === part))
    .filter((part) => !leftOut.includes(part))
    .map((part) => distro.parts[part])
    .filter(isPackaged)
    .map((part) => part.package);
  const wanted = [...new Set([...packaged, ...image.include])];
  const packages = [...wanted, ...image.exclude.map((name) => `${name}-`)];

  return {
    distro: distro.id,
    options: [
      '--variant=important',
      ...(distro.arch === 'amd64' ? [] : [`--architectures=${distro.arch}`]),
      `--components=${image.components.join(',')}`,
      '--aptopt=Apt::Install-Recommends "true"',
      ...(mirror.allowExpired ? ['--aptopt=Acquire::Check-Valid-Until "false"'] : []),
      `--include=${packages.join(',')}`,
    ],
    suite: image.suite,
    mirrors: [...(mirror.url ? [mirror.url] : []), ...image.sources],
  };
}

/** Files of the farm's own in a root, by path. */
export type RootFiles = Readonly<Record<string, { readonly text: string; readonly mode: number }>>;

/** The script that puts the farm's files into a root at `$1` and runs `finish` there. */
export function customizeScript({
  files,
  finish,
}: {
  readonly files: RootFiles;
  readonly finish: string;
}): string {
  const writes = Object.entries(files).map(([path, file]) => {
    const target = `"$1"${posixQuote(path)}`;
    const folder = `"$1"${posixQuote(path.slice(0, path.lastIndexOf('/')))}`;
    const code = Buffer.from(file.text).toString('base64');
    return `mkdir -p ${folder}; echo ${code} | base64 -d > ${target}; chmod ${file.mode.toString(8)} ${target}`;
  });
  return ['set -eu', ...writes, `chroot "$1" /bin/sh -euc ${posixQuote(finish)}`].join('\n');
}

/** Where a root is made, and who is told of it. */
export interface Workshop {
  readonly distro: string;
  /** For temporary files; it is there already. */
  readonly temporary: string;
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

/** Makes a root at `target`, a folder or a `.tar`. Each hook is a script with the root as its `$1`. */
export async function bootstrap(
  { options, suite, mirrors }: RootRecipe,
  hooks: readonly string[],
  target: string,
  shop: Workshop,
): Promise<void> {
  const customize = hooks.map((hook) => `--customize-hook=${hook}`);
  await runTool(['mmdebstrap', '--mode=root', ...customize, ...options, suite, target, ...mirrors], shop);
}

/**
 * Runs a tool over files of many owners; resolves with what it printed. Throws a UserError (exit 3) with its own last
 * words.
 */
export async function runTool(argv: readonly string[], shop: Workshop): Promise<string> {
  const { distro, temporary, tell, signal } = shop;
  const finished = await runBound(['env', 'LC_ALL=C', `TMPDIR=${temporary}`, ...contained(argv)], {
    signal,
    stall: { seconds: phaseLimits.image.hostSeconds, what: `${distro}'s image to be built` },
    onLine: (line) => {
      if (line.startsWith('I: ') && !/hook|received signal/.test(line)) {
        tell(`${distro}: ${line.slice(3)}`);
      }
    },
  });
  if (finished.code !== 0) {
    throw complaint(distro, finished);
  }
  return finished.output;
}
