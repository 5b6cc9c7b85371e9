import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { KataRuntime } from '../../domain/kata.ts';
import { UserError } from '../../errors.ts';
import type { KataLayout } from '../had-kata.ts';
import { configFolders, hypervisorOfConfig, pieceFiles, runtimeOfConfig, shimFiles } from './layout-files.ts';
import { kataRoot } from './tree-paths.ts';

/**
 * What is in a tree that has `opt/kata` below it, by the names of kata-static and kata-go-static, 3.x and 4.x. Throws a
 * UserError where there is no shim: that is no Kata. `title` is what its user called it.
 */
export async function layoutOf(tree: string, title: string): Promise<KataLayout> {
  const base = join(tree, kataRoot);
  const shims = await thereOf(base, shimFiles);
  const shim = shims.rust ?? shims.go;
  if (!shim) {
    throw noKata(title);
  }

  const configs = await configsOf(base);
  const { dragonball, ...pieces } = await thereOf(base, pieceFiles);
  // It is built into the Rust shim: there is no program to look for.
  const hasDragonball = dragonball && shims.rust && configs.rust?.['dragonball'];
  return {
    version: await versionOf(base),
    shims,
    configs,
    pieces: { shim, ...pieces, ...(hasDragonball && { dragonball }) },
  };
}

/** The folder that stands for `/opt/kata`: one below the one that is named, or itself. Throws where neither is a Kata. */
export async function kataIn(folder: string, title: string): Promise<string> {
  for (const candidate of [join(folder, kataRoot), join(folder, 'kata'), folder]) {
    const { rust, go } = await thereOf(candidate, shimFiles);
    if (rust ?? go) {
      return candidate;
    }
  }
  throw noKata(title);
}

function noKata(title: string): UserError {
  const looked = Object.values(shimFiles).map((file) => `${kataRoot}/${file}`);
  return new UserError(
    `cannot find a Kata in ${title}: there is neither ${looked.join(' nor ')}; ` +
      'give a kata-static or kata-go-static archive, or the folder that one was unpacked to',
  );
}

async function thereOf<K extends string>(
  base: string,
  files: Readonly<Record<K, string>>,
): Promise<Partial<Record<K, string>>> {
  const all = Object.entries(files) as [K, string][];
  const found = await Promise.all(
    all.map(async ([name, file]) =>
      (await isFile(join(base, file))) ? [[name, `/${kataRoot}/${file}`]] : [],
    ),
  );
  return Object.fromEntries(found.flat());
}

async function configsOf(base: string): Promise<KataLayout['configs']> {
  const configs: Partial<Record<KataRuntime, Record<string, string>>> = {};
  for (const folder of ['go', 'rust'] as const) {
    const names = await readdir(join(base, configFolders[folder])).catch(() => []);
    for (const name of names.sort()) {
      const hypervisor = hypervisorOfConfig(name);
      const runtime = folder === 'rust' ? folder : runtimeOfConfig(name);
      if (hypervisor !== undefined && (await isFile(join(base, configFolders[folder], name)))) {
        configs[runtime] = {
          ...configs[runtime],
          [hypervisor]: `/${kataRoot}/${configFolders[folder]}/${name}`,
        };
      }
    }
  }
  return configs;
}

/** A file of a few words; anything else is no version, and is shown to nobody. */
async function versionOf(base: string): Promise<string> {
  const text = await readFile(join(base, 'VERSION'), 'utf8').catch(() => '');
  return /^[\w.+~-]{1,64}$/.exec(text.trim())?.[0] ?? 'unknown';
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}
