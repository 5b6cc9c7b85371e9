import { describe, expect, it } from 'vitest';
import { planText } from '../../src/commands/plan-text.ts';
import type { Distro } from '../../src/domain/distro.ts';
import { offersOf, type ProviderOffers } from '../../src/plan/offers.ts';
import { executedCount, type PlanInput, plan } from '../../src/plan/plan.ts';
import { distroLike, kataLike, read, scenarioLike } from '../support/domain.ts';

const trixie = distroLike();
const bookworm = distroLike({ id: 'debian-12', title: 'Debian 12 (bookworm)' });

function offering(distros: readonly Distro[], name = 'qemu'): ProviderOffers {
  const answer = {
    variant: 'qemu:built',
    devices: ['/dev/kvm', '/dev/vhost-vsock'],
    memoryMiB: 6144,
  } as const;
  return { name, offers: new Map(distros.map(({ id }) => [id, answer])) };
}

function planning(change: Partial<PlanInput>) {
  const distros = change.distros ?? [trixie];
  return plan({
    distros,
    scenarios: [],
    providers: [offering(distros)],
    katas: [],
    noKata: '--kata none',
    ...change,
  });
}

const cellsOf = (made: ReturnType<typeof plan>) =>
  made.batches.flatMap(({ cells }) => cells.map(({ id }) => id));

describe('plan', () => {
  it('puts the cells of a release into one batch', () => {
    const made = planning({
      distros: [bookworm, trixie],
      scenarios: [scenarioLike('host.cpu'), scenarioLike('vmm.qemu.boot', { on: ['qemu'] })],
    });

    expect(made.skipped).toEqual([]);
    expect(made.batches.map(({ id, provider, memoryMiB }) => [id, provider, memoryMiB])).toEqual([
      ['debian-12/qemu:built', 'qemu', 6144],
      ['debian-13/qemu:built', 'qemu', 6144],
    ]);
    expect(cellsOf(made)).toEqual([
      'debian-12/host/host.cpu',
      'debian-12/qemu/vmm.qemu.boot',
      'debian-13/host/host.cpu',
      'debian-13/qemu/vmm.qemu.boot',
    ]);
  });

  it('starts cold cells first, then goes by group, whatever order they come in', () => {
    const scenarios = [
      scenarioLike('vmm.qemu.boot', { on: ['qemu'] }),
      scenarioLike('control.runc', { on: ['runc'] }),
      scenarioLike('host.kvm'),
      scenarioLike('host.boot', { machine: 'cold' }),
      scenarioLike('host.cpu'),
    ];

    const made = planning({ scenarios });

    expect(cellsOf(made)).toEqual([
      'debian-13/host/host.boot',
      'debian-13/host/host.cpu',
      'debian-13/host/host.kvm',
      'debian-13/runc/control.runc',
      'debian-13/qemu/vmm.qemu.boot',
    ]);
    expect(planning({ scenarios: scenarios.toReversed() })).toEqual(made);
  });

  it('runs a scenario of Kata on every stack with a VMM', () => {
    const made = planning({
      scenarios: [scenarioLike('kata.uname', { on: 'kata' })],
      katas: [kataLike()],
    });

    expect(cellsOf(made)).toEqual([
      'debian-13/qemu/kata.uname',
      'debian-13/qemu+distro-kernel/kata.uname',
      'debian-13/qemu.upstream/kata.uname',
      'debian-13/clh.upstream/kata.uname',
      'debian-13/dragonball/kata.uname',
    ]);
  });

  it('runs a scenario of Kata once with each Kata, and any other once', () => {
    const made = planning({
      scenarios: [scenarioLike('host.cpu'), scenarioLike('kata.uname', { on: ['qemu'] })],
      katas: [kataLike(), kataLike({ label: 'old', version: '4.0.0' })],
    });

    expect(cellsOf(made)).toEqual([
      'debian-13/host/host.cpu',
      'debian-13/qemu/kata.uname',
      'debian-13/qemu~old/kata.uname',
    ]);
  });

  it('rests a cell on what was run with the same Kata', () => {
    const made = planning({
      scenarios: [
        scenarioLike('control.runc', { on: ['runc'] }),
        scenarioLike('kata.uname', { on: ['qemu'] }),
        scenarioLike('kata.net', { on: ['qemu'], restsOn: ['control.runc', 'kata.uname'] }),
      ],
      katas: [kataLike(), kataLike({ label: 'old' })],
    });

    const old = made.batches[0]?.cells.find(({ id }) => id === 'debian-13/qemu~old/kata.net');
    expect(old?.restsOn).toEqual(['debian-13/runc/control.runc', 'debian-13/qemu~old/kata.uname']);
  });

  it.each([
    { stack: 'qemu.upstream', lacks: 'qemu', because: 'this Kata (4.1.0) has no qemu' },
    { stack: 'clh.upstream', lacks: 'virtiofsd', because: 'this Kata (4.1.0) has no virtiofsd' },
    { stack: 'qemu+distro-kernel', lacks: 'initrd', because: 'this Kata (4.1.0) has no initrd' },
  ] as const)('skips $stack where Kata has no $lacks', ({ stack, lacks, because }) => {
    const pieces = kataLike().pieces.filter((piece) => piece !== lacks);

    const made = planning({
      scenarios: [scenarioLike('kata.uname', { on: [stack] })],
      katas: [kataLike({ pieces })],
    });

    expect(made.skipped.map((skip) => skip.because)).toEqual([because]);
  });

  it('skips what asks for a piece that this Kata has not', () => {
    const pieces = kataLike().pieces.filter((piece) => piece !== 'kata-ctl');

    const made = planning({
      scenarios: [scenarioLike('kata.check', { on: ['qemu'], needs: { kata: ['kata-ctl'] } })],
      katas: [kataLike({ pieces })],
    });

    expect(made.skipped.map((skip) => skip.because)).toEqual(['this Kata (4.1.0) has no kata-ctl']);
  });

  it('keeps to the stacks that were asked for', () => {
    const scenarios = [scenarioLike('host.cpu'), scenarioLike('vmm.qemu.boot', { on: ['qemu'] })];

    const made = planning({ scenarios, stacks: ['qemu'] });

    expect(cellsOf(made)).toEqual(['debian-13/qemu/vmm.qemu.boot']);
    expect(made.skipped).toEqual([]);
  });

  it.each([
    {
      what: 'a part that the distro lacks',
      scenario: scenarioLike('vmm.clh.boot', { on: ['clh'], needs: { parts: ['cloud-hypervisor'] } }),
      because: 'not packaged by this distro: cloud-hypervisor (no such source package in main)',
    },
    {
      what: "a part that only Kata's stack needs",
      scenario: scenarioLike('kata.uname', { on: ['firecracker'] }),
      because: 'not packaged by this distro: firecracker (no such source package in main)',
    },
    {
      what: 'Kata, where there is none',
      scenario: scenarioLike('kata.uname', { on: ['qemu'] }),
      because: '--kata none',
    },
    {
      what: 'a mapping of Kata, where there is none',
      scenario: scenarioLike('mapping.selinux', { on: ['qemu'] }),
      because: '--kata none',
    },
    {
      what: 'a device that machines lack',
      scenario: scenarioLike('host.tun', { needs: { devices: ['/dev/net/tun', '/dev/kvm'] } }),
      because: 'qemu: machines have no /dev/net/tun',
    },
  ])('skips what needs $what', ({ scenario, because }) => {
    const made = planning({ scenarios: [scenario] });

    expect(made.skipped.map((skip) => skip.because)).toEqual([because]);
    expect(made.batches).toEqual([]);
  });

  it('tries a VMM alone where the distro lacks only its virtiofsd', () => {
    const distro = distroLike({ parts: { virtiofsd: { notPackaged: 'came with trixie', ...read } } });

    const made = planning({
      distros: [distro],
      scenarios: [scenarioLike('vmm.qemu.boot', { on: ['qemu'], needs: { parts: ['qemu'] } })],
    });

    expect(executedCount(made)).toBe(1);
  });

  it('skips a release that every provider refuses, with what each of them said', () => {
    const refusing = (name: string, because: string) => ({ name, offers: () => ({ because }) });
    const providers = offersOf(
      [refusing('qemu', 'no image recipe'), refusing('ssh', 'no such host')],
      [trixie],
    );

    const made = planning({ scenarios: [scenarioLike('host.cpu')], providers });

    expect(made).toEqual({
      batches: [],
      skipped: [
        {
          cell: expect.objectContaining({ id: 'debian-13/host/host.cpu' }),
          because: 'qemu: no image recipe; ssh: no such host',
        },
      ],
    });
  });

  it('takes the first provider that offers', () => {
    const refusing = { name: 'docker', offers: new Map([[trixie.id, { because: 'no engine' }]]) };

    const made = planning({
      scenarios: [scenarioLike('host.cpu')],
      providers: [refusing, offering([trixie])],
    });

    expect(made.batches.map(({ provider }) => provider)).toEqual(['qemu']);
  });

  it('accounts for every cell, run or skipped', () => {
    const scenarios = [
      scenarioLike('host.cpu'),
      scenarioLike('kata.uname', { on: 'kata' }),
      scenarioLike('vmm.clh.boot', { on: ['clh'], needs: { parts: ['cloud-hypervisor'] } }),
    ];

    const made = planning({ distros: [bookworm, trixie], scenarios });

    expect(executedCount(made) + made.skipped.length).toBe(2 * (1 + 8 + 1));
  });
});

describe('what a cell rests on', () => {
  const control = scenarioLike('control.runc', { on: ['runc'] });

  it.each([
    {
      what: 'the same stack first',
      scenarios: [
        scenarioLike('vmm.probe', { on: ['qemu', 'clh.upstream'] }),
        scenarioLike('vmm.boot', { on: ['clh.upstream'], restsOn: ['vmm.probe'] }),
      ],
      cell: 'debian-13/clh.upstream/vmm.boot',
      restsOn: ['debian-13/clh.upstream/vmm.probe'],
    },
    {
      what: 'else any stack',
      scenarios: [control, scenarioLike('vmm.boot', { on: ['qemu'], restsOn: ['control.runc'] })],
      cell: 'debian-13/qemu/vmm.boot',
      restsOn: ['debian-13/runc/control.runc'],
    },
    {
      what: 'nothing, where it was not planned',
      scenarios: [scenarioLike('vmm.boot', { on: ['qemu'], restsOn: ['control.runc'] })],
      cell: 'debian-13/qemu/vmm.boot',
      restsOn: [],
    },
    {
      what: 'nothing, where it is skipped',
      scenarios: [
        scenarioLike('vmm.clh.probe', { on: ['clh'], needs: { parts: ['cloud-hypervisor'] } }),
        scenarioLike('vmm.boot', { on: ['qemu'], restsOn: ['vmm.clh.probe'] }),
      ],
      cell: 'debian-13/qemu/vmm.boot',
      restsOn: [],
    },
  ])('is $what', ({ scenarios, cell, restsOn }) => {
    const planned = planning({ scenarios }).batches.flatMap(({ cells }) => cells);

    expect(planned.find(({ id }) => id === cell)?.restsOn).toEqual(restsOn);
  });
});

describe('planText', () => {
  it('tells what would run by release and stack, and groups what is skipped by its reason', () => {
    const made = planning({
      distros: [bookworm, trixie],
      scenarios: [
        scenarioLike('host.boot', { machine: 'cold' }),
        scenarioLike('host.cpu'),
        scenarioLike('kata.uname', { on: ['qemu'] }),
      ],
    });

    expect(planText(made)).toBe(`debian-12  (qemu:built, 6144 MiB): 2 cells
  host                 2  host.boot (cold) host.cpu

debian-13  (qemu:built, 6144 MiB): 2 cells
  host                 2  host.boot (cold) host.cpu

skipped
  --kata none: 2 cells
    debian-12/qemu: kata.uname
    debian-13/qemu: kata.uname

4 cells on 2 releases, 2 skipped
Kata's own scenarios are skipped: --kata none
`);
  });
});

describe("a distro's own Kata", () => {
  it('is skipped where the distro packages none, by its claim', () => {
    const made = planning({
      scenarios: [scenarioLike('kata.uname', { on: ['qemu'] })],
      katas: [kataLike({ source: 'distro' })],
    });

    expect(made.skipped.map((skip) => skip.because)).toEqual([
      'not packaged by this distro: kata (no such source package in main)',
    ]);
  });

  it('is skipped where there is one, as it is not installed yet', () => {
    const distro = distroLike({
      parts: { kata: { package: 'kata-containers', path: '/usr/bin/kata', ...read } },
    });

    const made = planning({
      distros: [distro],
      scenarios: [scenarioLike('kata.uname', { on: ['qemu'] })],
      katas: [kataLike({ source: 'distro' })],
    });

    expect(made.skipped[0]?.because).toMatch(
      /^the distro's own Kata \(kata-containers\) is not installed yet/,
    );
  });
});
