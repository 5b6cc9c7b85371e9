import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { KnownIssue } from '../domain/known-issue.ts';
import { UserError } from '../errors.ts';
import type { Folders } from './folders.ts';
import { greenLines } from './green-lines.ts';
import { knownIssueFile, knownIssueOf } from './known-issue-schema.ts';
import type { Checked } from './load-distros.ts';
import { parseYaml } from './parse-yaml.ts';

/** Every known issue of a folder or of several, by id; none where there is no such folder. Throws one UserError with every complaint. */
export async function loadKnownIssues(folders: string | Folders): Promise<readonly KnownIssue[]> {
  const { values, complaints } = await checkKnownIssues(folders);
  if (complaints.length > 0) {
    const places = [folders].flat().join(', ');
    throw new UserError(`cannot use the known issues in ${places}:\n  ${complaints.join('\n  ')}`);
  }
  return values;
}

/** The same, with the complaints as a value. `green`: more lines of green cells that no pattern may match. */
export async function checkKnownIssues(
  folders: string | Folders,
  green: Iterable<string> = [],
): Promise<Checked<KnownIssue>> {
  const found = await Promise.all([folders].flat().map(filesIn));
  const files = new Map(found.flat().map((file) => [basename(file), file]));
  const schema = knownIssueFile([...greenLines, ...green]);
  const sorted = [...files.values()].toSorted((a, b) => (basename(a) < basename(b) ? -1 : 1));
  const checked = await Promise.all(sorted.map((file) => checkFile(file, schema)));
  return {
    values: checked.flatMap(({ values }) => values),
    complaints: checked.flatMap(({ complaints }) => complaints),
  };
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name));
    return names.map((name) => join(folder, name));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      return [];
    }
    throw new UserError(`cannot read the known issues' folder ${folder}: make it readable`, { cause });
  }
}

async function checkFile(
  file: string,
  schema: ReturnType<typeof knownIssueFile>,
): Promise<Checked<KnownIssue>> {
  const id = basename(file, '.yaml');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
    const complaint = `${file}:1:1 the file's name is the id, and must look like kata-9375.yaml`;
    return { values: [], complaints: [complaint] };
  }
  const parsed = parseYaml(file, await readFile(file, 'utf8'), schema);
  return 'value' in parsed
    ? { values: [knownIssueOf(id, parsed.value)], complaints: [] }
    : { values: [], complaints: parsed.complaints };
}
