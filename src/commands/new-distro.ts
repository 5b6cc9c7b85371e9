import { join, relative, resolve } from 'node:path';
import type { PackageManagerId } from '../domain/distro.ts';
import { parts } from '../domain/stack.ts';
import { UserError } from '../errors.ts';
import { type Discovered, discoveredIn } from '../install/discover/discovered.ts';
import { familyOf, idOf } from '../install/discover/os-release.ts';
import { DistroFile } from '../load/distro-schema.ts';
import { checkDistros, isDistroId } from '../load/load-distros.ts';
import { parseYaml } from '../load/parse-yaml.ts';
import type { Context } from './context.ts';
import { homeOf } from './folders.ts';
import { thereAlready, writeFiles } from './init/write-files.ts';
import { type GivenDates, lifecycleOf } from './new/lifecycle.ts';
import { lookedAt } from './new/looked-at.ts';
import { releaseFile } from './new/release-file.ts';
import type { WorkbenchOptions } from './workbench.ts';

export interface NewDistroOptions extends WorkbenchOptions, GivenDates {
  readonly local?: true;
  readonly ssh?: string;
  readonly from?: string;
  /** Of an image, the release of the farm's by whose names its packages are asked for. */
  readonly like?: string;
  readonly id?: string;
  readonly refresh?: true;
  readonly out?: string;
  readonly yes?: true;
}

/** Looks at a machine, and writes the file. Throws a UserError for whatever can't be told, and what to say then. */
export async function newDistro(context: Context, options: NewDistroOptions): Promise<void> {
  const { cwd, now, out } = context;
  const folder = options.distros ? resolve(cwd, options.distros) : join(homeOf(context), 'distros');
  const found = discoveredIn(await lookedAt(context, options));
  const { os, arch } = found;
  const packageManager = ensureKnown(found);
  if (typeof arch !== 'string') {
    throw new UserError(
      `cannot describe ${os.get('PRETTY_NAME') ?? 'it'}: its architecture is ${arch.strange}, and the farm knows amd64 and arm64 alone`,
    );
  }

  const id = ensureId(options.id ?? idOf(os));
  const place = `a machine of ${id}`;
  const { values } = await checkDistros(folder).catch(() => ({ values: [] }));
  const known = values.find((distro) => distro.id === id)?.lifecycle;
  const text = releaseFile({
    ...found,
    ...{ arch, packageManager, place, family: familyOf(os) },
    title: os.get('PRETTY_NAME') ?? id,
    lifecycle: lifecycleOf(found, options, known, place),
    day: now().toISOString().slice(0, 10),
  });
  const path = resolve(cwd, options.out ?? join(folder, `${id}.yaml`));
  const parsed = parseYaml(path, text, DistroFile);
  if ('complaints' in parsed) {
    throw new Error(
      `cannot write a release that its own schema takes: ${parsed.complaints.join('\n')}\n${text}`,
    );
  }
  if (options.out === '-') {
    out(text);
    return;
  }
  await writeNew(path, text, relative(cwd, path));
  const count = (state: string) => parts.filter((part) => found.parts[part].state === state).length;
  out(
    `${relative(cwd, path)}: ${count('installed')} parts installed there, ${count('available')} in its index\n`,
  );
  out('next: look up what is unknown, then katafarm validate\n');
}

function ensureKnown({ os, packageManager, complete, unread }: Discovered): PackageManagerId {
  if (!complete && packageManager !== undefined) {
    throw new UserError('cannot look at the machine: it stopped midway; try again', { exitCode: 3 });
  }
  if (unread !== undefined) {
    throw new UserError(
      `cannot read the package index of the machine: ${unread}; try again when its mirror answers, or take the index as it is: without --refresh`,
      { exitCode: 3 },
    );
  }
  if (packageManager === undefined) {
    throw new UserError(
      `cannot tell which package manager ${os.get('PRETTY_NAME') ?? 'the machine'} has: its ID is "${os.get('ID') ?? ''}"; write the file by hand, as docs/adding-a-distro.md says`,
    );
  }
  return packageManager;
}

function ensureId(id: string): string {
  if (!isDistroId(id)) {
    throw new UserError(`cannot call a release "${id}": say --id with a name like debian-13`);
  }
  return id;
}

async function writeNew(path: string, text: string, shown: string): Promise<void> {
  const file = { path, text, mode: 0o644 };
  if ((await thereAlready([file])).length > 0) {
    throw new UserError(
      `cannot write ${shown}: it is there already; print what was found by --out -, and compare`,
    );
  }
  try {
    await writeFiles([file]);
  } catch (cause) {
    throw new UserError(
      `cannot write ${shown}: ${(cause as Error).message}; name another file by --out, or - to print it`,
      { cause },
    );
  }
}
