import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsOf, importsOf, layers, roomOf, scenarioFaultsOf } from '../support/layering.ts';

const root = resolve(import.meta.dirname, '../..');

/** Files past 150 lines, each with the reason why it is one thing and not two. */
const longFiles: Readonly<Record<string, string>> = {};

const sources = await filesBelow('src');
const scenarios = await filesBelow('scenarios');

describe('the layers of src', () => {
  it.each(sources)('%s keeps to its layer', async (file) => {
    expect(faultsOf(file.slice('src/'.length), await read(file))).toEqual([]);
  });

  it('have no line for a room that is not there', () => {
    const rooms = new Set(sources.map((file) => roomOf(file.slice('src/'.length))));

    expect(Object.keys(layers).filter((room) => !rooms.has(room))).toEqual([]);
  });
});

describe('scenarios', () => {
  it.skipIf(scenarios.length === 0).each(scenarios)(
    '%s imports nothing of the farm at run time',
    async (file) => {
      expect(scenarioFaultsOf(file.slice('scenarios/'.length), await read(file))).toEqual([]);
    },
  );
});

describe('the length of files', () => {
  it('is at most 150 lines, or has a reason in the table', async () => {
    const lengths = await Promise.all(
      [...sources, ...scenarios].map(
        async (file) => [file, (await read(file)).trimEnd().split('\n').length] as const,
      ),
    );

    expect(lengths.filter(([file, lines]) => lines > 150 && !longFiles[file])).toEqual([]);
  });

  it.each(Object.keys(longFiles))('still needs its reason: %s', async (file) => {
    expect((await read(file)).trimEnd().split('\n').length).toBeGreaterThan(150);
  });
});

describe('the watch over the layers', () => {
  it.each([
    [
      'domain/cell.ts',
      "import { readFile } from 'node:fs/promises';",
      'domain may not import node:fs/promises',
    ],
    [
      'domain/cell.ts',
      "import type { Machine } from '../machine/machine.ts';",
      'domain may not import machine',
    ],
    ['domain/cell.ts', "export { Journal } from '../journal/journal.ts';", 'domain may not import journal'],
    [
      'report/junit.ts',
      "import { statfs } from 'node:fs/promises';",
      'report may not import node:fs/promises',
    ],
    ['report/junit.ts', "import { UserError } from '../errors.ts';", 'report may not import errors'],
    ['plan/plan.ts', "import {\n  a,\n  b,\n} from '../machine/machine.ts';", 'plan may not import machine'],
    [
      'providers/qemu/qmp.ts',
      "import type { Scenario } from '../../scenario.ts';",
      'may not import scenario',
    ],
    ['providers/qemu/qmp.ts', "await import('../../run/work.ts');", 'may not import run'],
    ['providers/qemu/qmp.ts', "import '../docker/exec.ts';", 'may not import providers/docker'],
    [
      'commands/run.ts',
      "import { boot } from '../providers/qemu/boot.ts';",
      'commands may not import providers/qemu',
    ],
    ['attic/old.ts', '', 'attic is in no layer'],
    ['run/work.ts', "const home = process.env['HOME'];", 'reads process.env'],
    ['run/work.ts', 'const at = Date.now();', 'asks the clock'],
    ['run/work.ts', 'const at = new Date();', 'asks the clock'],
    ['run/work.ts', "console.log('here');", 'writes to the console'],
  ])('complains of %s that says %s', (path, text, fault) => {
    expect(faultsOf(path, text)).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    ['domain/run.ts', "import type { Entry } from './entry.ts';"],
    ['report/junit.ts', "import builder from 'junit-report-builder';"],
    ['run/work.ts', '// process.env is read by cli.ts alone\nconst at = new Date(0);'],
    ['journal/journal.ts', 'static open(path: string, now: () => Date = () => new Date()) {}'],
    ['providers/qemu/template.ts', 'const text = this.spec.console.trim();'],
    ['providers/qemu/template.ts', "const log = join(logs, 'console.log');"],
    ['commands/run.ts', "console.log(process.env['HOME'], Date.now());"],
    ['cli.ts', "const { qemuProvider } = await import('./providers/qemu/provider.ts');"],
  ])('lets %s say %s', (path, text) => {
    expect(faultsOf(path, text)).toEqual([]);
  });

  it.each([
    ["import { waitFor } from '../../src/machine/wait.ts';", 1],
    ["import type { Scenario } from '../../src/scenario.ts';\nimport assert from 'node:assert/strict';", 0],
    ["import { type Scenario, helper } from 'katafarm';", 1],
    ["const { plan } = await import('../../src/plan/plan.ts');", 1],
    ["import '../../src/cli.ts';", 1],
    ["import { shell } from '../parts/shell.ts';", 0],
    ["export default { run: async () => console.log('hello') };", 1],
  ])('reads a scenario that says %s', (text, faults) => {
    expect(scenarioFaultsOf('vmm/qemu.boot.ts', text)).toHaveLength(faults);
  });

  it('finds every import of a file that is known', async () => {
    expect(importsOf(await read('src/cli.ts'))).toEqual(
      expect.arrayContaining(['node:fs', './commands/main.ts', './providers/qemu/provider.ts']),
    );
  });
});

async function filesBelow(folder: string): Promise<readonly string[]> {
  if (!existsSync(join(root, folder))) {
    return [];
  }
  const names = await readdir(join(root, folder), { recursive: true });
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)
    .toSorted();
}

function read(file: string): Promise<string> {
  return readFile(join(root, file), 'utf8');
}
