import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkScenarios, loadScenarios } from '../../../src/load/load-scenarios.ts';
import { selectScenarios } from '../../../src/load/select.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-scenarios-'));
  await write('package.json', '{ "type": "module" }');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const write = async (path: string, text: string) => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
};

const scenario = (more = '') =>
  `export default { title: 'It boots', on: ['host'], ${more} async run(t: unknown): Promise<void> {} };\n`;

const complaints = async () => {
  const checked = await checkScenarios([folder]);
  return checked.complaints.map((complaint) => complaint.replaceAll(`${folder}/`, ''));
};

describe('a folder of scenarios', () => {
  it('gives ids by place, in the order of the groups, with defaults filled in', async () => {
    await write('vmm/qemu.boot.ts', scenario(`restsOn: ['host.kvm'], machine: 'cold', stepSeconds: 90,`));
    await write('vmm/clh/boot.ts', scenario());
    await write('host/kvm.ts', scenario());
    await write('parts/shared.ts', 'export const shared = 1;\n');
    await write('host/types.d.ts', 'export type Shared = 1;\n');

    const scenarios = await loadScenarios([folder]);

    expect(scenarios.map(({ id }) => id)).toEqual(['host.kvm', 'vmm.clh.boot', 'vmm.qemu.boot']);
    expect(scenarios[0]).toMatchObject({ needs: {}, restsOn: [], machine: 'clone', stepSeconds: 30 });
    expect(scenarios[2]).toMatchObject({ restsOn: ['host.kvm'], machine: 'cold', stepSeconds: 90 });
    expect(scenarios[0]?.run).toBeTypeOf('function');
  });

  it.each([
    ['no scenario in it', 'export const a = 1;', 'exports no scenario: end it with export default'],
    ['a misspelt key', scenario(`restOn: [],`), 'unknown key "restOn"; did you mean "restsOn"?'],
    [
      'a stack there is none of',
      scenario(`needs: {}, on: ['quemu'],`),
      '"on.0" cannot be "quemu"; did you mean "qemu"?',
    ],
    ['a part there is none of', scenario(`needs: { parts: ['virtiofs'] },`), 'did you mean "virtiofsd"?'],
    ['a limit that is none', scenario('stepSeconds: 0,'), '"stepSeconds" must be more than 0'],
    ['no deed', `export default { title: 'It boots', on: 'kata' };`, '"run" is missing'],
    ['a syntax error', `export default { title: 'It boots' on: 3 };`, 'cannot be loaded: '],
    ['a fault of its own', `throw new Error('no such luck');`, 'cannot be loaded: Error: no such luck'],
    [
      'a control that is near another',
      scenario(`restsOn: ['host.kvn'],`),
      '"host.kvn"; did you mean "host.kvm"?',
    ],
    [
      'a control that lies elsewhere',
      scenario(`restsOn: ['control.runc'],`),
      '"control.runc"; name its folder by',
    ],
    [
      'itself as a control',
      scenario(`restsOn: ['host.kvm'],`),
      '"restsOn" leads back to the scenario itself',
    ],
  ])('complains of a file with %s', async (_, text, message) => {
    await write('host/kvm.ts', text);

    const [first, ...others] = await complaints();

    expect(first).toMatch(/^host\/kvm\.ts: /);
    expect(first).toContain(message);
    expect(others).toEqual([]);
  });

  it.each([
    ['boot.ts', "must lie in a group's folder: host/, control/, vmm/, kata/, mapping/"],
    ['hosts/boot.ts', 'its folder is no group\'s; did you mean "host"?'],
    ['host/Boot_it.ts', 'its name is its id, and must be lower-case words'],
  ])('complains of a file in a place that gives no id: %s', async (path, message) => {
    await write(path, scenario());

    expect(await complaints()).toEqual([expect.stringContaining(`${path}: ${message}`)]);
  });

  it('complains of controls that rest on each other', async () => {
    await write('host/cpu.ts', scenario(`restsOn: ['host.kvm'],`));
    await write('host/kvm.ts', scenario(`restsOn: ['host.cpu'],`));

    expect(await complaints()).toEqual([
      'host/cpu.ts: "restsOn" leads back to the scenario itself',
      'host/kvm.ts: "restsOn" leads back to the scenario itself',
    ]);
  });

  it('complains of two files with one id, and names both', async () => {
    await write('vmm/qemu.boot.ts', scenario());
    await write('vmm/qemu/boot.ts', scenario());

    expect(await complaints()).toEqual([
      'vmm/qemu/boot.ts: is the scenario vmm.qemu.boot, as is vmm/qemu.boot.ts',
    ]);
  });

  it('is refused with every complaint in one error', async () => {
    await write('host/kvm.ts', 'export const a = 1;');
    await write('host/cpu.ts', `export default { on: 'kata' };`);

    const error: unknown = await loadScenarios([folder]).catch((cause: unknown) => cause);

    expect(error).toMatchObject({ name: 'UserError', exitCode: 2 });
    expect(String(error)).toContain('host/kvm.ts: exports no scenario');
    expect(String(error)).toContain('host/cpu.ts: "title" is missing');
    expect(String(error)).toContain('host/cpu.ts: "run" is missing');
  });

  it('is said not to be there', async () => {
    await expect(loadScenarios([join(folder, 'nowhere')])).rejects.toThrow(
      "cannot read the scenarios' folder",
    );
  });
});

describe('choosing scenarios', () => {
  const known = [
    { id: 'host.kvm' },
    { id: 'vmm.qemu.boot' },
    { id: 'vmm.qemu.qmp' },
    { id: 'vmm.clh.boot' },
    { id: 'build.clh' },
  ] as const;
  const idsOf = (globs: readonly string[]) => selectScenarios(known, globs).map(({ id }) => id);

  it.each([
    [[], ['host.kvm', 'vmm.qemu.boot', 'vmm.qemu.qmp', 'vmm.clh.boot']],
    [['vmm.qemu.*'], ['vmm.qemu.boot', 'vmm.qemu.qmp']],
    [
      ['*.boot', 'host.*'],
      ['host.kvm', 'vmm.qemu.boot', 'vmm.clh.boot'],
    ],
    [['host.kvm'], ['host.kvm']],
    // What takes long runs only where its group is named.
    [['*clh*'], ['vmm.clh.boot']],
    [['build.*'], ['build.clh']],
    [
      ['*.boot', 'build.clh'],
      ['vmm.qemu.boot', 'vmm.clh.boot', 'build.clh'],
    ],
  ])('%j means %j', (globs, ids) => {
    expect(idsOf(globs)).toEqual(ids);
  });

  it.each([
    ['vmn.*', 'did you mean "vmm.*"?'],
    ['vmm.qemu.bot', 'did you mean "vmm.qemu.boot"?'],
    ['host.kv.', 'did you mean "host.kvm"?'],
    ['something-else', 'katafarm list scenarios names them all'],
  ])('%s means nothing, and is answered: %s', (glob, hint) => {
    expect(() => idsOf([glob])).toThrow(`cannot find a scenario "${glob}": ${hint}`);
  });
});
