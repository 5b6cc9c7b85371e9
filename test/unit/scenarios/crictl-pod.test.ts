import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import scenario from '../../../scenarios/kata/crictl.pod.ts';
import { type FakeCri, type FakePods, fakeCri } from '../../support/fake-cri.ts';
import { type Doings, scriptedContext } from '../../support/scripted-context.ts';

const recorded = resolve(import.meta.dirname, '../../recorded/containerd');
const debian = await readFile(join(recorded, 'debian.toml'), 'utf8');
const defaults = await readFile(join(recorded, 'debian-13.dump.toml'), 'utf8');

const machineBoot = 'boot-of-the-machine';
const plain: FakePods = { boots: [machineBoot, machineBoot], address: '10.97.0.2' };
const inVm: FakePods = { boots: ['boot-of-a-vm', 'boot-of-a-vm'], address: '10.97.0.3' };
const kata = {
  version: '4.1.0',
  stacks: {
    qemu: { runtime: 'rust', config: '/etc/katafarm/qemu/configuration.toml', stretched: [], departures: [] },
  },
};

interface Setting {
  readonly runc?: FakePods;
  readonly kata?: FakePods;
  readonly unready?: number;
  /** What scripts print that have these words in them, in place of what a sound machine prints. */
  readonly says?: Readonly<Record<string, string>>;
}

interface Done {
  readonly doings: Doings;
  readonly cri: FakeCri;
  readonly error: unknown;
}

async function done({
  runc = plain,
  kata: pods = inVm,
  unready = 0,
  says = {},
}: Setting = {}): Promise<Done> {
  const cri = fakeCri({ runc, 'kata-qemu': pods }, unready);
  let page = '';
  const sound: Readonly<Record<string, () => string>> = {
    'cat /etc/katafarm/kata.json': () => JSON.stringify(kata),
    'run_to_end runc': () => 'kernel=6.12\nmachine=6.12',
    '! [ -e /etc/containerd/config.toml ]': () => debian,
    'config default': () => '2\n',
    'config dump': () =>
      `${defaults}\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata-qemu]\nruntime_type = "x"\n`,
    bring_network: () => 'instrument.network=/usr/lib/cni/katafarm',
    'cat /logs of ': () => `2026-01-01T00:00:00Z stdout F said ${page}\n`,
    reach_pod: () => page,
    random: () => `${machineBoot}\n`,
  };
  const { t, doings } = scriptedContext('kata.crictl.pod', 'qemu', (script) => {
    page = /cat \/logs of (\S+)/.exec(script)?.[1] ?? page;
    const told = Object.entries(says).find(([words]) => script.includes(words))?.[1];
    return told ?? Object.entries(sound).find(([words]) => script.includes(words))?.[1]() ?? '';
  });
  const watched: typeof cri = {
    ...cri,
    runPod: (config, handler) => {
      page = config.metadata.uid;
      return cri.runPod(config, handler);
    },
  };
  const error: unknown = await scenario
    .run({ ...t, cri: async () => watched })
    .catch((thrown: unknown) => thrown);
  return { doings, cri, error };
}

describe('a pod by the CRI', () => {
  it('lives without a VM first, then in one, and is gone afterwards', async () => {
    const { doings, cri, error } = await done();

    expect(error).toBeUndefined();
    expect(cri.deeds.filter((deed) => /^(run|remove)/.test(deed))).toEqual([
      'run runc',
      'remove runc',
      'run kata-qemu',
      'remove kata-qemu',
    ]);
    expect(Object.fromEntries(doings.facts)).toMatchObject({
      'cri.engine': 'containerd 1.7.24',
      'instrument.network': '/usr/lib/cni/katafarm',
      'guest.kernel': '6.18.35',
      'pod.address': '10.97.0.3',
    });
  });

  it("leaves Debian's own configuration in the file that it writes", async () => {
    const { doings } = await done();
    const written = doings.scripts.find((script) => script.includes('>/etc/containerd/config.toml'));

    expect(written).toContain('bin_dir = "/usr/lib/cni"');
    expect(written).toContain('ConfigPath = "/etc/katafarm/qemu/configuration.toml"');
  });

  it('waits for a network that is not ready at once', async () => {
    expect((await done({ unready: 3 })).error).toBeUndefined();
  });

  it.each<[string, Setting, RegExp, string]>([
    [
      'of Kata that is in no VM',
      { kata: plain },
      /the pod is in no VM: it runs on the machine's own kernel/,
      '',
    ],
    [
      'whose containers are in two VMs',
      { kata: { ...inVm, boots: ['one', 'two'] } },
      /the containers of one pod are in two VMs: boots one and two/,
      '',
    ],
    [
      'without an address',
      { kata: { boots: inVm.boots } },
      /the pod has no address/,
      "get a page from the pod's address",
    ],
    [
      'that another server answers for',
      { says: { reach_pod: 'another' } },
      /the pod's server said another/,
      "control control: get a page from the pod's address without a VM",
    ],
    [
      'whose log is empty',
      { says: { 'cat /logs of': '' } },
      /the log of a container is:/,
      "control control: read a container's log without a VM",
    ],
    [
      'that stays',
      { kata: { ...inVm, stays: true } },
      /the engine still lists it/,
      'stop and remove the pod',
    ],
    [
      'that leaves something',
      { says: { 'traces_left kata-qemu': '4711 /usr/bin/qemu-system-x86_64 -name sandbox-x' } },
      /the pod is gone and left this:\n4711 .*qemu/,
      '',
    ],
    [
      'for which the network never gets ready',
      { unready: 1000 },
      /not ready for pods: NetworkReady: NetworkPluginNotReady no network config found/,
      'ask containerd for pods',
    ],
    [
      'without a VM that is in one',
      { runc: inVm },
      /a pod by runc was in a VM/,
      'control control: see that it was in no VM',
    ],
  ])('is a failure: one %s', async (_, setting, message, step) => {
    const { doings, error } = await done(setting);

    expect(error).toHaveProperty('name', 'AssertionError');
    expect(error).toHaveProperty('message', expect.stringMatching(message));
    expect(doings.failed.at(-1) ?? '').toBe(step);
  });

  it('has a class of its own where it is in no VM', async () => {
    expect((await done({ kata: plain })).error).toHaveProperty('class', 'guest-kernel-same');
  });

  it("has the class that Kata's own words are of", async () => {
    const says = { kata_class: 'vmm-exited\n' };

    expect((await done({ kata: { boots: inVm.boots }, says })).error).toHaveProperty('class', 'vmm-exited');
  });

  it("is the farm's trouble where another file decides on containerd's handlers", async () => {
    const { error } = await done({ says: { 'config dump': defaults } });

    expect(error).toMatchObject({
      name: 'FarmError',
      message: expect.stringContaining('cannot give containerd a handler kata-qemu'),
    });
  });
});
