import { describe, expect, it } from 'vitest';
import { serving } from '../../src/plan/offers.ts';
import { plan } from '../../src/plan/plan.ts';
import { distroLike, scenarioLike } from '../support/domain.ts';

const distro = distroLike();
const lacking = { '/dev/kvm': 'no guest came up under it' };
const container = {
  variant: 'docker',
  fidelity: 'userspace',
  devices: ['/dev/net/tun'],
  lacking,
  memoryMiB: 512,
} as const;
const machine = { variant: 'qemu:built', devices: ['/dev/kvm'], memoryMiB: 512 } as const;

const planned = (offer: typeof container | typeof machine, change: Parameters<typeof scenarioLike>[1]) =>
  plan({
    distros: [distro],
    scenarios: [scenarioLike('host.cpu', change)],
    providers: [{ name: 'farm', offers: new Map([[distro.id, offer]]) }],
    katas: [],
  });
const why = (change: Parameters<typeof scenarioLike>[1]) => planned(container, change).skipped[0]?.because;

describe('what a container cannot show', () => {
  it.each([
    [
      'about the kernel that runs',
      { needs: { kernel: true } },
      "farm: a container is on its host's kernel, and can't show the release's own",
    ],
    [
      "in need of the distro's kernel",
      { needs: { parts: ['kernel'] } },
      "farm: a container is on its host's kernel, and can't show the release's own",
    ],
    [
      'about a cold boot',
      { machine: 'cold' },
      'farm: a container boots nothing, so it has no cold boot to show',
    ],
    [
      'in need of a CPU that does not say that it is virtual',
      { needs: { bare: true } },
      "farm: a container has its host's CPU as it is",
    ],
    [
      'in need of a device that does not work',
      { needs: { devices: ['/dev/kvm'] } },
      'farm: machines have no /dev/kvm (no guest came up under it)',
    ],
  ] as const)('%s is skipped with that reason, and runs on a machine', (_, change, because) => {
    expect(why(change)).toBe(because);
    expect(planned(machine, change).skipped).toEqual([]);
  });

  it('is not what is about userspace, with the devices that work', () => {
    expect(why({ needs: { parts: ['containerd'], devices: ['/dev/net/tun'] } })).toBeUndefined();
  });
});

describe('providers', () => {
  const all = [{ name: 'qemu' }, { name: 'docker', onRequest: true as const }];

  it('that are for those who ask for them are not taken otherwise', () => {
    expect(serving(all).map(({ name }) => name)).toEqual(['qemu']);
    expect(serving(all, 'docker').map(({ name }) => name)).toEqual(['docker']);
  });
});
