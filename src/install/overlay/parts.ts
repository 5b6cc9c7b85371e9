import { open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Distro } from '../../domain/distro.ts';
import { UserError } from '../../errors.ts';
import { managerOf } from './manager.ts';
import { type Repository, repositoryOf } from './repository.ts';

/** What was named on the command line. */
export interface OverlayChoice {
  readonly withPackage?: readonly string[];
  readonly withRepo?: readonly string[];
  readonly enableRepo?: readonly string[];
}

/** The same, looked at: everything is there, and of a kind that the releases' package managers know. */
export interface OverlayParts {
  readonly packages: readonly { readonly path: string; readonly name: string }[];
  readonly repositories: readonly Repository[];
  readonly suites: readonly string[];
  /** Each piece as a reader should know it. */
  readonly words: readonly string[];
}

/** Whether any of it was asked for. */
export function isOverlay({ withPackage, withRepo, enableRepo }: OverlayChoice): boolean {
  return [withPackage, withRepo, enableRepo].some((given) => (given?.length ?? 0) > 0);
}

/** Each piece as a reader should know it: no password of an address, no folder of this host. */
export function overlayWords({ withPackage = [], withRepo = [], enableRepo = [] }: OverlayChoice) {
  return [
    ...withPackage.map((path) => basename(path)),
    ...withRepo.map((said) =>
      /^[a-z]+:\/\//.test(said) ? withoutSecrets(said) : `repository ${basename(said)}`,
    ),
    ...enableRepo.map((name) => `repository ${name}`),
  ];
}

/** Looks at what was named. Throws a UserError for a file, a folder or a release that it can't be done with. */
export async function overlayParts(
  choice: OverlayChoice,
  distros: readonly Distro[],
  cwd: string,
): Promise<OverlayParts> {
  const packages = (choice.withPackage ?? []).map((said) => ({
    path: resolve(cwd, said),
    name: basename(said),
  }));
  for (const distro of distros) {
    const manager = managerOf(distro);
    if (!manager) {
      throw new UserError(
        `cannot overlay packages on ${distro.id} yet: its package manager is ${distro.packageManager}; leave it out, or run it without --with-package, --with-repo and --enable-repo`,
      );
    }
    for (const { path, name } of packages) {
      if (!(await startOf(path)).startsWith(manager.magic)) {
        throw new UserError(
          `cannot use --with-package ${name} on ${distro.id}: it is no ${manager.kind}; give one that was built for that release`,
        );
      }
    }
  }
  const repositories: Repository[] = [];
  for (const said of choice.withRepo ?? []) {
    repositories.push(await repositoryOf(said, resolve(cwd, said)));
  }
  return { packages, repositories, suites: choice.enableRepo ?? [], words: overlayWords(choice) };
}

async function startOf(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(64), length: 64, position: 0 });
    return buffer.subarray(0, bytesRead).toString('latin1');
  } catch (cause) {
    throw new UserError(
      `cannot read --with-package ${path}: ${(cause as Error).message}; give a package's file`,
      { cause },
    );
  }
}

/** A journal is shown to others: an address's user and password stay out of it. */
export function withoutSecrets(address: string): string {
  return address.replace(/(?<=:\/\/)[^/?#]*@/, '');
}
