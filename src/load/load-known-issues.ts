import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { KnownIssue } from '../domain/known-issue.ts';
import { UserError } from '../errors.ts';
import { greenLines } from './green-lines.ts';
import { knownIssueFile, knownIssueOf } from './known-issue-schema.ts';
import type { Checked } from './load-distros.ts';
import { parseYaml } from './parse-yaml.ts';

/** Every known issue of a folder, by id; none where there is no such folder. Throws one UserError with every complaint. */
export async function loadKnownIssues(folder: string): Promise<readonly KnownIssue[]> {
  const { values, complaints } = await checkKnownIssues(folder);
  if (complaints.length > 0) {
    throw new UserError(`cannot use the known issues in ${folder}:\n  ${complaints.join('\n  ')}`);
  }
  return values;
}

/** The same, with the complaints as a value. `green`: more lines of green cells that no pattern may match. */
export async function checkKnownIssues(
  folder: string,
  green: Iterable<string> = [],
): Promise<Checked<KnownIssue>> {
  const names = await namesIn(folder);
  const schema = knownIssueFile([...greenLines, ...green]);
  const checked = await Promise.all(names.map((name) => checkFile(join(folder, name), schema)));
  return {
    values: checked.flatMap(({ values }) => values),
    complaints: checked.flatMap(({ complaints }) => complaints),
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).toSorted();
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
