import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { DistroFile } from '../../../src/load/distro-schema.ts';
import { greenLines } from '../../../src/load/green-lines.ts';
import { knownIssueFile } from '../../../src/load/known-issue-schema.ts';
import { loadScenarios } from '../../../src/load/load-scenarios.ts';
import { parseYaml } from '../../../src/load/parse-yaml.ts';

const docs = resolve(import.meta.dirname, '../../../docs');

/** The first example in that language. */
const exampleIn = async (page: string, language: string) => {
  const text = await readFile(join(docs, page), 'utf8');
  return text.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? '';
};

it('the release that the docs show is right by the schema', async () => {
  const example = await exampleIn('adding-a-distro.md', 'yaml');

  expect(parseYaml('adding-a-distro.md', example, DistroFile)).toHaveProperty(
    'value.title',
    'Debian 13 (trixie)',
  );
});

it('the known issue that the docs show is right by the schema, and matches nothing green', async () => {
  const example = await exampleIn('adding-a-known-issue.md', 'yaml');

  expect(parseYaml('adding-a-known-issue.md', example, knownIssueFile(greenLines))).toHaveProperty(
    'value.class',
    'vmm-death-unnoticed',
  );
});

it('the scenario that the docs show can be loaded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'katafarm-docs-'));
  try {
    await mkdir(join(folder, 'host'));
    await writeFile(join(folder, 'host', 'hugepages.ts'), await exampleIn('adding-a-scenario.md', 'ts'));

    const [scenario] = await loadScenarios([folder]);

    expect(scenario).toMatchObject({ id: 'host.hugepages', on: ['host'], machine: 'clone' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
