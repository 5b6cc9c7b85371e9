import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replay } from '../../src/domain/run.ts';
import { parseJournal } from '../../src/journal/parse.ts';
import { katafarm } from '../support/context.ts';
import { type FakeProvider, fakeProvider } from '../support/fake-provider.ts';
import { fakeTools } from '../support/fake-tools.ts';

const [red, alsoRed] = ['debian-13/host/host.cpu', 'debian-13/host/host.disk'] as const;

let folder: string;
let path: string;
const made: FakeProvider[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resume-diagnosis-'));
  path = (await fakeTools(join(folder, 'bin'))).folder;
  await mkdir(join(folder, 'scenarios', 'host'), { recursive: true });
  await does('cpu', 'true');
  await does('disk', 'true');
});
afterEach(async () => {
  await Promise.all(made.splice(0).map((fake) => fake[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true, force: true });
});

/** What a scenario does on its machine. A scenario's own file is read once a process, whatever becomes of it. */
async function does(name: string, command: string): Promise<void> {
  await writeFile(join(folder, `${name}.sh`), `echo ${name} >>${folder}/ran; echo the usual; ${command}\n`);
  const text = `export default { title: '${name}', on: ['host'], async run({ guest: { $ } }) {
  await $\`sh ${join(folder, `${name}.sh`)}\`;
} };\n`;
  await writeFile(join(folder, 'scenarios', 'host', `${name}.ts`), text);
}

async function call(...argv: readonly string[]) {
  const provider = await fakeProvider();
  made.push(provider);
  const env = {
    PATH: `${path}:${process.env['PATH']}`,
    KATAFARM_CACHE: join(folder, 'cache'),
    KATAFARM_OUT: join(folder, 'runs'),
  };
  const said = await katafarm(argv, { env, now: () => new Date(), providers: async () => [provider] });
  return { ...said, provider };
}

const begin = () =>
  call('run', 'debian-13', '--kata', 'none', '--no-bundled', '--scenarios', join(folder, 'scenarios'));
const runs = async () => (await readdir(join(folder, 'runs'))).toSorted();
const journalOf = (id: string) => join(folder, 'runs', id, 'journal.jsonl');
const runIn = async (id: string) => replay(parseJournal(await readFile(journalOf(id), 'utf8')));
const ran = async () => (await readFile(join(folder, 'ran'), 'utf8')).trim().split('\n').toSorted();

/** As a farm leaves it that dies before the first finding is written. */
async function cutShort(id: string): Promise<void> {
  const text = await readFile(journalOf(id), 'utf8');
  await writeFile(journalOf(id), text.slice(0, text.lastIndexOf('\n', text.indexOf('"finding-made"')) + 1));
}

it('goes on with a run whose cells are all settled, for the failures that were not looked into', async () => {
  await does('cpu', 'echo odd >&2; false');
  await does('disk', 'echo other >&2; exit 3');
  await begin();
  const [id = ''] = await runs();
  await cutShort(id);
  const before = await ran();

  const report = await call('report', id);
  const planned = await call('run', '--resume', id, '--dry-run');
  const { err, code, provider } = await call('run', '--resume', id);

  expect(report.out).toContain(`go on with what was not looked into: ./katafarm run --resume`);
  expect(planned.out).toContain(`0 cells\n  to be looked into: ${red}\n  to be looked into: ${alsoRed}\n`);
  expect(err).toContain(`going on with ${id}: 0 of 2 cells are left\n`);
  expect(err).toContain('2 failures are still to be looked into\n');
  expect(code).toBe(1);
  expect(await ran()).toEqual(before);
  expect(provider.deeds.filter((deed) => deed.startsWith('boot'))).toHaveLength(1);
  expect(provider.running.size).toBe(0);
  const { results, endedAt } = await runIn(id);
  expect([red, alsoRed].map((cell) => results.get(cell)?.finding?.component)).toEqual(['unknown', 'unknown']);
  expect(endedAt).toBeDefined();

  const again = await call('run', '--resume', id);

  expect(again.err).toContain('nothing of this run is left to be done');
  expect(again.provider.deeds).toEqual([]);
});

it('tells a red by what it did not say when it was green last, and says when that was', async () => {
  await begin();
  const [green = ''] = await runs();
  await does('cpu', 'echo odd >&2; false');

  await begin();

  const id = (await runs()).find((one) => one !== green) ?? '';
  const finding = (await runIn(id)).results.get(red)?.finding;
  expect(finding?.because[0]).toBe(
    `no line counts that ${red} said in ${green} as well, where it was green last`,
  );
  expect((await runIn(green)).results.get(red)?.finding).toBeUndefined();
});
