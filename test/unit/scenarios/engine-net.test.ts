import { describe, expect, it } from 'vitest';
import docker from '../../../scenarios/kata/docker.net.ts';
import nerdctl from '../../../scenarios/kata/nerdctl.net.ts';
import type { Scenario } from '../../../src/scenario.ts';
import { read } from '../../support/domain.ts';
import { type Doings, scriptedContext } from '../../support/scripted-context.ts';

const kata = {
  version: '4.1.0',
  stacks: {
    qemu: { runtime: 'rust', config: '/etc/katafarm/qemu/configuration.toml', stretched: [], departures: [] },
  },
};

type Words = Readonly<Record<string, string>>;

interface Setting {
  readonly scenario?: Scenario;
  readonly version?: string;
  /** What containers say in another way than sound ones. */
  readonly runc?: Words;
  readonly kata?: Words;
  readonly factor?: number;
}

const network: Words = { gateway: '172.17.0.1', address: '172.17.0.2/16', mtu: '1500' };
const pairs = (words: Words) =>
  Object.entries(words)
    .map((pair) => pair.join('='))
    .join('\n');

async function done(setting: Setting = {}): Promise<{ readonly doings: Doings; readonly error: unknown }> {
  const { scenario = docker, version = '26.1.5+dfsg1-9+deb13u1' } = setting;
  let token = '';
  const { t, doings } = scriptedContext('kata.docker.net', 'qemu', (script) => {
    token = /serve_page (\S+)/.exec(script)?.[1] ?? token;
    if (script.includes('cat /etc/katafarm/kata.json')) {
      return JSON.stringify(kata);
    }
    if (script.includes('run_to_end runc')) {
      return 'kernel=6.12\nmachine=6.12';
    }
    if (script.includes('newest')) {
      return version;
    }
    if (/engine_run \w+ kata/.test(script)) {
      const address = '172.17.0.3/16';
      return pairs({ ...network, address, page: token, boot: 'a-vm', kernel: '6.18.35', ...setting.kata });
    }
    const isPlain = script.includes('engine_run');
    return isPlain
      ? pairs({ ...network, page: token, boot: 'machine', kernel: '6.12', ...setting.runc })
      : '';
  });
  const part = () => ({ package: 'docker.io', path: '/usr/sbin/dockerd', ...read });
  const error: unknown = await scenario
    .run({ ...t, part, factor: setting.factor ?? 1 })
    .catch((thrown: unknown) => thrown);
  return { doings, error };
}

describe("a container of an engine's", () => {
  it.each([
    ['Docker', docker],
    ['nerdctl', nerdctl],
  ])('has the same network in a VM as without one: %s', async (engine, scenario) => {
    const { doings, error } = await done({ scenario });

    expect(error).toBeUndefined();
    expect(doings.steps).toContain(`control control: a container of ${engine} without a VM`);
    expect(Object.fromEntries(doings.facts)).toMatchObject({
      'guest.kernel': '6.18.35',
      'container.address': '172.17.0.3/16',
    });
  });

  it("names the stack's own configuration to Docker, and Docker starts with it", async () => {
    const { doings } = await done();
    const install = doings.scripts.find((script) => script.includes('daemon.json')) ?? '';

    expect(install).toContain(
      '{"runtimes":{"kata":{"runtimeType":"io.containerd.kata-qemu.v2","options":{"ConfigPath":"/etc/katafarm/qemu/configuration.toml"}}}}',
    );
    expect(install.indexOf('daemon.json')).toBeLessThan(install.indexOf('install_packages'));
  });

  it.each(['20.10.24+dfsg1-1+deb12u1+b6', '(none)'])(
    'is not tried by a Docker too old for Kata: %s',
    async (version) => {
      const { doings, error } = await done({ version });

      expect([error]).toEqual([version === '(none)' ? undefined : expect.objectContaining({ name: 'Skip' })]);
      expect(doings.scripts.some((script) => script.includes('install_packages'))).toBe(version === '(none)');
    },
  );

  it.each<[string, Setting, RegExp, string]>([
    ['in no VM', { kata: { boot: 'machine' } }, /the container is in no VM/, ''],
    [
      'without a way to its machine',
      { kata: { page: '' } },
      /the container reached no server on its machine/,
      '',
    ],
    [
      'with another MTU',
      { kata: { mtu: '1400' } },
      /the network in the VM is not what it is without one/,
      '',
    ],
    ['with another gateway', { kata: { gateway: '10.0.0.1' } }, /the network in the VM is not/, ''],
    [
      'whose network fails without a VM, too',
      { runc: { page: 'none' }, kata: { page: 'none' } },
      /a container by runc reached no server on its machine: none/,
      'control control: a container of Docker without a VM',
    ],
  ])('is a failure: one %s', async (_, setting, message, step) => {
    const { doings, error } = await done(setting);

    expect(error).toMatchObject({ name: 'AssertionError', message: expect.stringMatching(message) });
    expect(doings.failed.at(-1) ?? '').toBe(step);
  });

  it.each([
    [9, 'FarmError', /cannot judge Docker's network: Kata waits 5 s for it/],
    [1, 'AssertionError', /the container reached no server/],
  ])(
    "whose network Kata did not wait for is the farm's trouble where a machine is slow: %i",
    async (factor, name, message) => {
      const { error } = await done({ factor, kata: { page: '', 'gave.up': 'yes' } });

      expect(error).toMatchObject({ name, message: expect.stringMatching(message) });
    },
  );
});
