import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Arch } from '../domain/arch.ts';
import type { Distro, DistroId } from '../domain/distro.ts';
import { UserError } from '../errors.ts';
import { DistroFile, distroOf } from './distro-schema.ts';
import { Family } from './family.ts';
import type { Folders } from './folders.ts';
import { mapping, onArch } from './inherit.ts';
import { isOsinfo, osinfoDistro } from './osinfo.ts';
import { parseYaml } from './parse-yaml.ts';

/** What was found in a folder's files: what is right, and every complaint of what is not. */
export interface Checked<T> {
  readonly values: readonly T[];
  readonly complaints: readonly string[];
}

/** Every release of a folder or of several, by id. Throws one UserError with every complaint of every file. */
export async function loadDistros(folders: string | Folders): Promise<readonly Distro[]> {
  const { values, complaints } = await checkDistros(folders);
  if (complaints.length > 0) {
    const places = [folders].flat().join(', ');
    throw new UserError(`cannot use the releases in ${places}:\n  ${complaints.join('\n  ')}`);
  }
  return values;
}

/** The same, with the complaints as a value. Throws a UserError only where a folder can't be read. */
export async function checkDistros(folders: string | Folders): Promise<Checked<Distro>> {
  const found = await Promise.all([folders].flat().map(filesIn));
  // A parent may lie in another folder than its children.
  const files = new Map(found.flat().map((file) => [idOf(basename(file)), file]));
  const texts = await Promise.all(
    [...files].map(async ([id, file]) => [id, await readFile(file, 'utf8')] as const),
  );
  const family = new Family(new Map(texts));
  const checked = texts.map(([id, text]) => ({ id, ...checkFile(files.get(id) ?? '', text, family) }));

  // What a parent has wrong is said of the parent alone.
  const wrong = new Set(checked.flatMap(({ id, complaints }) => (complaints.length > 0 ? id : [])));
  const isSound = ({ id }: { readonly id: string }) => !family.parents(id)?.some((one) => wrong.has(one));
  const sound = checked.filter(isSound).flatMap(({ values }) => values);
  return {
    values: [...new Map(sound.map((distro) => [distro.id, distro])).values()].toSorted(byId),
    complaints: checked.filter(isSound).flatMap(({ complaints }) => complaints),
  };
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new UserError(`cannot read the releases' folder ${folder}: name one that exists by --distros`, {
      cause,
    });
  });
  const files = names.filter((name) => /\.ya?ml$/.test(name)).toSorted();
  if (files.length === 0) {
    throw new UserError(`cannot find a release in ${folder}: a file like debian-13.yaml is one`);
  }
  return files.map((name) => join(folder, name));
}

/** A release on each architecture that its file names. */
function checkFile(file: string, text: string, family: Family): Checked<Distro> {
  const wrong = (complaint: string) => ({ values: [], complaints: [`${file}:1:1 ${complaint}`] });
  const name = idOf(basename(file));
  if (file.endsWith('.yml')) {
    return wrong(`must be called ${name}.yaml`);
  }
  const published = isOsinfo(text);
  const id = published ? name.replace(/@[a-z0-9]+$/, '') : name;
  if (!isDistroId(id)) {
    return wrong("the file's name is the id, and must look like debian-13.yaml");
  }
  if (published) {
    const told = osinfoDistro(file, id, text);
    return 'value' in told
      ? { values: [told.value], complaints: [] }
      : { values: [], complaints: told.complaints };
  }
  const strange = parseYaml(file, text, z.looseObject({ parent: z.enum(family.others(name)).optional() }));
  if ('complaints' in strange) {
    return { values: [], complaints: strange.complaints };
  }
  if (!family.parents(name)) {
    return wrong('its parents lead back to it');
  }

  const onIts = (arch: Arch) => ({
    whole: (input: unknown) => onArch(family.whole(name, mapping(input)), arch),
    under: ['on', arch],
  });
  const first = parseYaml(file, text, DistroFile, onIts('amd64'));
  if ('complaints' in first) {
    return { values: [], complaints: first.complaints };
  }
  const others = first.value.architectures.filter((arch) => arch !== 'amd64');
  const parsed = others.map((arch) => [arch, parseYaml(file, text, DistroFile, onIts(arch))] as const);
  return {
    values: [
      ...(first.value.architectures.includes('amd64') ? [distroOf(id, first.value)] : []),
      ...parsed.flatMap(([arch, one]) => ('value' in one ? [distroOf(id, one.value, arch)] : [])),
    ],
    complaints: parsed.flatMap(([, one]) => ('complaints' in one ? one.complaints : [])),
  };
}

function idOf(name: string): string {
  return name.replace(/\.ya?ml$/, '');
}

/** Whether a release may be called that. */
export function isDistroId(name: string): name is DistroId {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+(\.[a-z0-9]+)*)+$/.test(name);
}

function byId(a: Distro, b: Distro): number {
  return a.id.localeCompare(b.id, 'en', { numeric: true });
}
