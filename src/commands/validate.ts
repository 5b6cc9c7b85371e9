import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { distroJsonSchema } from '../load/distro-schema.ts';
import { checkDistros } from '../load/load-distros.ts';
import { checkScenarios } from '../load/load-scenarios.ts';
import type { Context, Verb } from './context.ts';

const examples = `
Examples:
  katafarm validate                          every release and scenario that comes along
  katafarm validate --scenarios ~/scenarios  your own scenarios
  katafarm validate --json                   one JSON value: ok, counts, complaints
  katafarm validate --write-schema           write distros/distro.schema.json anew, then check

Exit status: 0 all is well, 2 something is wrong.
`;

interface ValidateOptions {
  readonly distros?: string;
  readonly scenarios?: readonly string[];
  readonly json?: true;
  readonly writeSchema?: true;
}

/** `katafarm validate`: every complaint of every file at once; exit status 2 if there is one. */
export const validate: Verb = (context) =>
  new Command('validate')
    .description('check every release and scenario file')
    .option('--distros <dir>', 'folder of releases, in place of the one that comes along')
    .option('--scenarios <dir...>', 'folders of scenarios, in place of the one that comes along')
    .option('--write-schema', 'write the JSON Schema that editors read, beside the releases')
    .option('--json', 'one JSON value on stdout')
    .addHelpText('after', examples)
    .action((options: ValidateOptions) => check(options, context));

async function check(options: ValidateOptions, context: Context): Promise<void> {
  const { cwd, root, out, err, exit } = context;
  const folder = options.distros ? resolve(cwd, options.distros) : join(root, 'distros');
  const folders = options.scenarios?.map((dir) => resolve(cwd, dir)) ?? [join(root, 'scenarios')];

  const schema = join(folder, 'distro.schema.json');
  if (options.writeSchema) {
    await writeFile(schema, distroJsonSchema());
  }

  const distros = await checkDistros(folder);
  const scenarios = await checkScenarios(folders);
  const stale = options.distros ? [] : await staleSchema(schema);

  const complaints = [...distros.complaints, ...stale, ...scenarios.complaints].map((complaint) =>
    complaint.replaceAll(`${cwd}/`, ''),
  );
  const counts = { distros: distros.values.length, scenarios: scenarios.values.length };

  if (options.json) {
    out(`${JSON.stringify({ ok: complaints.length === 0, ...counts, complaints }, null, 2)}\n`);
  } else if (complaints.length === 0) {
    out(`${counts.distros} releases and ${counts.scenarios} scenarios are well formed\n`);
  } else {
    err(`${complaints.join('\n')}\n`);
    err(`katafarm: ${complaints.length} complaint${complaints.length === 1 ? '' : 's'}\n`);
  }
  exit(complaints.length === 0 ? 0 : 2);
}

/** Editors read the schema from a file: it has to be what this katafarm checks by. */
async function staleSchema(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === distroJsonSchema()) {
    return [];
  }
  const what = text === undefined ? 'is missing' : 'is not what the releases are checked by';
  return [`${file}:1:1 ${what}; write it anew: ./katafarm validate --write-schema`];
}
