import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDistros } from '../../../src/load/load-distros.ts';
import { loadKnownIssues } from '../../../src/load/load-known-issues.ts';
import { checkScenarios, loadScenarios } from '../../../src/load/load-scenarios.ts';
import { katafarm } from '../../support/context.ts';

const ours = resolve(import.meta.dirname, '../../../distros');
let folder: string;
const at = (path: string) => join(folder, path);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-folders-'));
  await put('package.json', '{ "type": "module" }');
  await mkdir(at('ours'));
  await copyFile(join(ours, 'debian-13.yaml'), at('ours/debian-13.yaml'));
});

afterEach(() => rm(folder, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), text);
}

const lifecycle = 'lifecycle: { released: 2026-01-01, eol: 2030-01-01, source: us }';
const child = (title: string) => `parent: debian-13\ntitle: ${title}\narchitectures: [amd64]\n${lifecycle}\n`;
const scenario = (title: string) => `export default { title: '${title}', on: ['host'], async run() {} };\n`;

describe('releases of several folders', () => {
  it('are read as one: a parent may lie in another', async () => {
    await put('mine/mine-1.yaml', child('Mine 1'));

    const distros = await loadDistros([at('ours'), at('mine')]);

    expect(distros.map(({ id }) => id)).toEqual(['debian-13', 'debian-13@arm64', 'mine-1']);
    expect(distros.at(-1)).toMatchObject({ title: 'Mine 1', packageManager: 'apt' });
  });

  it('are those of the last folder, of one id', async () => {
    await put('ours/mine-1.yaml', child('Ours 1'));
    await put('mine/mine-1.yaml', child('Mine 1'));

    const titles = (await loadDistros([at('ours'), at('mine')])).map(({ title }) => title);

    expect(titles).toContain('Mine 1');
    expect(titles).not.toContain('Ours 1');
  });

  it('are refused with the folders, and the place in the one that is wrong', async () => {
    await put('mine/mine-1.yaml', 'parent: debian-14\n');

    const error = String(await loadDistros([at('ours'), at('mine')]).catch((cause: unknown) => cause));

    expect(error).toContain(
      `cannot use the releases in ${at('ours')}, ${at('mine')}:\n  ${at('mine/mine-1.yaml')}:1:9 `,
    );
  });
});

describe('known issues of several folders', () => {
  it('are those of the last folder, of one id; a folder that is not there has none', async () => {
    const issue = (title: string) => `title: ${title}
class: hang
evidence: 'the train is late'
scope: { releases: ['*'], stacks: ['*'], scenarios: ['*'] }
tracker: https://tracker.example/1
confirmed: 2026-11-01
expires: 2027-05-01
`;
    await put('ours/known-issues/kata-1.yaml', issue('Ours'));
    await put('ours/known-issues/kata-2.yaml', issue('Ours as well'));
    await put('mine/known-issues/kata-1.yaml', issue('Mine'));
    const folders = ['ours', 'mine', 'nowhere'].map((name) => at(`${name}/known-issues`));

    const titles = (await loadKnownIssues(folders)).map(({ title }) => title);

    expect(titles).toEqual(['Mine', 'Ours as well']);
  });
});

describe('scenarios of several folders', () => {
  it('are those of the last folder, of one id, be they compiled or not', async () => {
    await put('ours/host/cpu.js', scenario('Ours'));
    await put('ours/host/kvm.js', scenario('Ours as well'));
    await put('mine/host/cpu.ts', scenario('Mine'));

    const titles = (await loadScenarios([at('ours'), at('mine')])).map(({ title }) => title);

    expect(titles).toEqual(['Mine', 'Ours as well']);
  });

  it('are complained of where one folder has both, compiled and not', async () => {
    await put('mine/host/cpu.ts', scenario('Mine'));
    await put('mine/host/cpu.js', scenario('Mine'));

    const { complaints } = await checkScenarios([at('mine')]);

    expect(complaints).toEqual([
      `${at('mine/host/cpu.ts')}: is the scenario host.cpu, as is ${at('mine/host/cpu.js')}`,
    ]);
  });
});

describe("a user's own folders", () => {
  const ids = async (...argv: readonly string[]) => {
    const { out, err } = await katafarm(['list', ...argv, '--json'], { cwd: folder });
    expect(err).toBe('');
    return (JSON.parse(out) as readonly { readonly id: string }[]).map(({ id }) => id);
  };

  it('are taken beside what comes along, and alone with --no-bundled', async () => {
    await put('mine/host/mine.ts', scenario('Mine'));

    expect(await ids('scenarios', '--scenarios', 'mine')).toEqual(
      expect.arrayContaining(['host.cpu', 'host.mine']),
    );
    expect(await ids('scenarios', '--scenarios', 'mine', '--no-bundled')).toEqual(['host.mine']);
    expect(await ids('distros', '--distros', 'ours', '--no-bundled')).toEqual([
      'debian-13',
      'debian-13@arm64',
    ]);
    expect((await ids('distros', '--distros', 'ours')).length).toBeGreaterThan(25);
  }, 60_000);

  it('have to be there where what comes along is left out', async () => {
    const { code, err } = await katafarm(['plan', '--no-bundled'], { cwd: folder });

    expect(code).toBe(2);
    expect(err).toBe(
      'katafarm: cannot leave out what comes along with nothing in its place: say --distros DIR or --scenarios DIR as well\n',
    );
  });
});
