import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../errors.ts';
import { distroJsonSchema } from '../load/distro-schema.ts';
import { knownIssueJsonSchema } from '../load/known-issue-schema.ts';
import { checkDistros } from '../load/load-distros.ts';
import { checkKnownIssues } from '../load/load-known-issues.ts';
import { checkScenarios } from '../load/load-scenarios.ts';
import { katafarmOf } from '../report/words.ts';
import { addFolders } from './add-folders.ts';
import type { Context, Verb } from './context.ts';
import { runsFolder } from './find-run.ts';
import { distroFolders, knownIssueFolders, type OwnFolders, scenarioFolders } from './folders.ts';
import { greenTranscripts } from './green-transcripts.ts';
import { validateOnline } from './validate-online.ts';

const examples = `
Examples:
  katafarm validate                          every release, known issue and scenario that comes along
  katafarm validate --scenarios ~/scenarios  the same, and your own scenarios
  katafarm validate --json                   one JSON value: ok, counts, complaints
  katafarm validate --write-schema           write the JSON Schemas of distros/ anew, then check
  katafarm validate --online                 ask each release's own package index about every claim; no machine
  katafarm validate --online debian-13       the same of one release

A known issue's pattern must match nothing that green cells say: neither the lines that come along, nor what the green
cells of the runs below reports/runs said.

Exit status: 0 all is well, 2 something is wrong or, with --online, is packaged by now; 3 no index could be asked.
`;

interface Schema {
  readonly file: string;
  readonly text: string;
  /** What is checked by it. */
  readonly what: string;
}

interface ValidateOptions extends OwnFolders {
  readonly json?: true;
  readonly writeSchema?: true;
  readonly online?: true;
}

/** `katafarm validate`: every complaint of every file at once; exit status 2 if there is one. */
export const validate: Verb = (context) =>
  addFolders(new Command('validate'))
    .description('check every release, known issue and scenario file')
    .argument('[release...]', 'with --online: only these')
    .option('--online', "ask each release's own package index whether its packages are as its file says")
    .option('--write-schema', 'write the JSON Schema that editors read, beside the releases')
    .option('--json', 'one JSON value on stdout')
    .addHelpText('after', examples)
    .action((releases: readonly string[], options: ValidateOptions) => check(releases, options, context));

async function check(releases: readonly string[], options: ValidateOptions, context: Context): Promise<void> {
  const { cwd, out, err, exit } = context;
  const folders = distroFolders(context, options);
  // A schema is for the files that lie beside it.
  const folder = folders.at(-1) ?? '';
  if (options.online) {
    await validateOnline(context, releases, { folders, json: options.json ?? false });
    return;
  }
  if (releases.length > 0) {
    throw new UserError(
      `cannot check ${releases.join(' ')} alone: all files are checked; say --online to ask their indexes`,
    );
  }

  const schemas = [
    { file: join(folder, 'distro.schema.json'), text: distroJsonSchema(), what: 'releases' },
    {
      file: join(folder, 'known-issues/known-issue.schema.json'),
      text: knownIssueJsonSchema(),
      what: 'known issues',
    },
  ];
  if (options.writeSchema) {
    for (const { file, text } of schemas) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  const distros = await checkDistros(folders);
  const scenarios = await checkScenarios(scenarioFolders(context, options));
  const issues = await checkKnownIssues(
    knownIssueFolders(context, options),
    await greenTranscripts(runsFolder(context)),
  );
  const stale = options.distros ? [] : (await Promise.all(schemas.map(staleSchema))).flat();

  const found = [...distros.complaints, ...issues.complaints, ...stale, ...scenarios.complaints];
  const complaints = found.map((complaint) => complaint.replaceAll(`${cwd}/`, ''));
  const counts = {
    distros: distros.values.length,
    knownIssues: issues.values.length,
    scenarios: scenarios.values.length,
  };

  if (options.json) {
    out(`${JSON.stringify({ ok: complaints.length === 0, ...counts, complaints }, null, 2)}\n`);
  } else if (complaints.length === 0) {
    const { distros: releases, knownIssues, scenarios: all } = counts;
    const known = `${knownIssues} known issue${knownIssues === 1 ? '' : 's'}`;
    out(`${releases} releases, ${known} and ${all} scenarios are well formed\n`);
  } else {
    err(`${complaints.join('\n')}\n`);
    err(`katafarm: ${complaints.length} complaint${complaints.length === 1 ? '' : 's'}\n`);
  }
  exit(complaints.length === 0 ? 0 : 2);
}

/** Editors read the schema from a file: it has to be what this katafarm checks by. */
async function staleSchema({ file, text, what }: Schema): Promise<readonly string[]> {
  const there = await readFile(file, 'utf8').catch(() => undefined);
  if (there === text) {
    return [];
  }
  const wrong = there === undefined ? 'is missing' : `is not what the ${what} are checked by`;
  return [`${file}:1:1 ${wrong}; write it anew: ${katafarmOf(['validate', '--write-schema'])}`];
}
