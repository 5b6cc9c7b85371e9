import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Distro, DistroId } from '../domain/distro.ts';
import { UserError } from '../errors.ts';
import { DistroFile, distroOf } from './distro-schema.ts';
import { parseYaml } from './parse-yaml.ts';

/** What was found in a folder's files: what is right, and every complaint of what is not. */
export interface Checked<T> {
  readonly values: readonly T[];
  readonly complaints: readonly string[];
}

/** Every release of a folder, by id. Throws one UserError with every complaint of every file. */
export async function loadDistros(folder: string): Promise<readonly Distro[]> {
  const { values, complaints } = await checkDistros(folder);
  if (complaints.length > 0) {
    throw new UserError(`cannot use the releases in ${folder}:\n  ${complaints.join('\n  ')}`);
  }
  return values;
}

/** The same, with the complaints as a value. Throws a UserError only where the folder can't be read. */
export async function checkDistros(folder: string): Promise<Checked<Distro>> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new UserError(`cannot read the releases' folder ${folder}: name one that exists by --distros`, {
      cause,
    });
  });

  const files = names.filter((name) => /\.ya?ml$/.test(name)).toSorted();
  if (files.length === 0) {
    throw new UserError(`cannot find a release in ${folder}: a file like debian-13.yaml is one`);
  }

  const checked = await Promise.all(files.map((name) => checkFile(join(folder, name))));
  return {
    values: checked.flatMap(({ values }) => values).toSorted(byId),
    complaints: checked.flatMap(({ complaints }) => complaints),
  };
}

async function checkFile(file: string): Promise<Checked<Distro>> {
  const name = basename(file).replace(/\.ya?ml$/, '');
  if (file.endsWith('.yml')) {
    return { values: [], complaints: [`${file}:1:1 must be called ${name}.yaml`] };
  }
  if (!isDistroId(name)) {
    return {
      values: [],
      complaints: [`${file}:1:1 the file's name is the id, and must look like debian-13.yaml`],
    };
  }

  const parsed = parseYaml(file, await readFile(file, 'utf8'), DistroFile);
  return 'value' in parsed
    ? { values: [distroOf(name, parsed.value)], complaints: [] }
    : { values: [], complaints: parsed.complaints };
}

function isDistroId(name: string): name is DistroId {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+(\.[a-z0-9]+)*)+$/.test(name);
}

function byId(a: Distro, b: Distro): number {
  return a.id.localeCompare(b.id, 'en', { numeric: true });
}
