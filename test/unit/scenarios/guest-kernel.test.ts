import { expect, test } from 'vitest';
import { guestKernelIn, symbolNames } from '../../../scenarios/parts/guest-kernel.ts';
import config from '../../../scenarios/vmm/guest-kernel-config.ts';
import type { ScenarioContext } from '../../../src/scenario.ts';

/** A configuration in which all is built in, but for what is said otherwise; `undefined`: not named at all. */
function configWith(change: Readonly<Record<string, 'm' | 'n' | undefined>> = {}): string {
  const lines = symbolNames.map((name) => {
    const state = name in change ? change[name] : 'y';
    return state === 'n' ? `# CONFIG_${name} is not set` : state && `CONFIG_${name}=${state}`;
  });
  return ['# Linux/x86', 'CONFIG_HZ=250', ...lines.filter(Boolean), ''].join('\n');
}

test("a kernel that has all built in boots Kata's image", () => {
  expect(guestKernelIn(configWith())).toMatchObject({ boots: 'image', missing: [] });
});

test.for(['VIRTIO_VSOCKETS', 'EXT4_FS', 'BLK_DEV_PMEM'])('with %s as a module it takes an initrd', (name) => {
  expect(guestKernelIn(configWith({ [name]: 'm' }))).toMatchObject({ boots: 'initrd', missing: [] });
});

test('without what the image is read from it still boots an initrd', () => {
  expect(guestKernelIn(configWith({ BLK_DEV_PMEM: 'n', LIBNVDIMM: undefined }))).toMatchObject({
    boots: 'initrd',
    missing: [],
  });
});

test.for([
  ['n', 'is off'],
  [undefined, 'is out of reach, as what it depends on is off'],
] as const)('with an essential symbol that %s it boots nothing', ([state]) => {
  expect(guestKernelIn(configWith({ VIRTIO_FS: state }))).toMatchObject({
    boots: 'nothing',
    missing: ['VIRTIO_FS'],
  });
});

test('without a way to unpack an initrd, a kernel of modules boots nothing', () => {
  expect(guestKernelIn(configWith({ EXT4_FS: 'm', RD_GZIP: 'n' }))).toMatchObject({
    boots: 'nothing',
    missing: ['RD_GZIP'],
  });
});

test.for([
  ['the name of before', { MHP_DEFAULT_ONLINE_TYPE_ONLINE_AUTO: undefined }, 'MEMORY_HOTPLUG_DEFAULT_ONLINE'],
  ['the name of now', { MEMORY_HOTPLUG_DEFAULT_ONLINE: undefined }, 'MHP_DEFAULT_ONLINE_TYPE_ONLINE_AUTO'],
] as const)('a symbol that was renamed counts by %s', ([, change, name]) => {
  const { states } = guestKernelIn(configWith(change));

  expect(states.y).toContain(name);
  expect(states.unknown).toEqual([]);
});

test('a symbol that this kernel does not know is told from one that is off', () => {
  const { boots, states } = guestKernelIn(configWith({ SECURITY_LANDLOCK: undefined, IP_PNP: 'n' }));

  expect(boots).toBe('image');
  expect(states).toMatchObject({ unknown: ['SECURITY_LANDLOCK'], n: ['IP_PNP'] });
});

/** A machine whose kernel has this configuration; what it told. */
async function run(found: string, text = '') {
  const answers = [{ stdout: '' }, { stdout: found }, { stdout: text }];
  const facts: Record<string, unknown> = {};
  const $ = () => {
    const answer = { stderr: '', exitCode: 0, ...answers.shift() };
    return Object.assign(Promise.resolve(answer), { text: async () => answer.stdout });
  };
  const context = {
    cell: { scenario: 'vmm.guest-kernel-config' },
    guest: { $, push: async () => {} },
    step: async (_: string, body: () => unknown) => body(),
    fact: async (key: string, value: unknown) => {
      facts[key] = value;
    },
    skip: (reason: string) => {
      throw new Error(`skipped: ${reason}`);
    },
  };
  await config.run(context as unknown as ScenarioContext);
  return facts;
}

const found = 'release=6.12.1\nconfig=/boot/config-6.12.1\npackage=linux-image 6.12.1';

test('what a kernel boots is recorded, with every symbol that Kata wants', async () => {
  const facts = await run(found, configWith({ VSOCKETS: 'm', USER_NS: 'n' }));

  expect(facts).toMatchObject({
    'guest-kernel.release': '6.12.1',
    'guest-kernel.boots': 'initrd',
    'guest-kernel.symbols.m': 'VSOCKETS',
    'guest-kernel.symbols.n': 'USER_NS',
  });
});

test('a kernel without virtio-fs is unusable, and the failure names it', async () => {
  await expect(run(found, configWith({ VIRTIO_FS: 'n' }))).rejects.toThrow(
    "the distro's kernel is unusable as a guest's, as these are off: VIRTIO_FS",
  );
});

test('a kernel that publishes no configuration is not judged', async () => {
  await expect(run('release=6.12.1')).rejects.toThrow('skipped: ');
});
