import { describe, expect, test } from 'vitest';
import { compare, type How } from '../../../scenarios/parts/mapping.ts';
import type { ScenarioContext } from '../../../src/scenario.ts';

/** As much of a scenario's context as is needed; every container without a VM runs well, and facts are collected. */
function context(scenario: string) {
  const facts: Record<string, string | number> = {};
  const controls: string[] = [];
  const ran = { text: async () => '', stdout: 'kernel=6.12\nmachine=6.12', stderr: '', exitCode: 0 };
  const t = {
    cell: { scenario },
    guest: { $: async () => ran },
    fact: async (key: string, value: string | number) => {
      facts[key] = value;
    },
    step: async <T>(_title: string, body: () => PromiseLike<T>) => await body(),
    control: async <T>(title: string, body: () => PromiseLike<T>) => {
      controls.push(title);
      return await body();
    },
  };
  return { t: t as unknown as ScenarioContext, facts, controls };
}

/** What the two answer. */
const answering = (runc: string, kata: string) => async (how: How) => (how === 'runc' ? runc : kata);

describe('the same container twice', () => {
  test('passes where both answer alike, and tells what the guest calls things', async () => {
    const { t, facts, controls } = context('mapping.devices');
    const script = answering('nic.mtu=1400\nmapped.nic=veth', 'nic.mtu=1400\nmapped.nic=virtio_net');

    await compare(t, '/at', { script, asked: { 'nic.mtu': '1400' } });

    expect(facts).toMatchObject({ 'mapping.probes': 1, 'mapped.nic': 'virtio_net' });
    expect(controls).toContain('the container by runc');
  });

  test('fails with both answers, and a class, where they differ', async () => {
    const { t } = context('mapping.devices');

    const judged = compare(t, '/at', { script: answering('nic.mtu=1400', 'nic.mtu=1500'), asked: {} });

    await expect(judged).rejects.toMatchObject({
      message: expect.stringContaining('nic.mtu: runc says "1400", Kata says "1500"'),
      class: 'mapping-differs',
    });
  });

  test("is the control's red, and never Kata's, where runc does not answer as it was asked to", async () => {
    const { t, controls } = context('mapping.devices');
    let asked = 0;
    const script = async (how: How) => {
      asked += how === 'kata' ? 1 : 0;
      return 'nic.mtu=1500';
    };

    const judged = compare(t, '/at', { script, asked: { 'nic.mtu': '1400' } });

    await expect(judged).rejects.toThrow('nic.mtu: "1400" was asked for, runc says "1500"');
    expect(controls).toContain('the container by runc');
    expect(asked).toBe(0);
  });

  test('has a known difference as a fact, and one that is not met any more as well', async () => {
    const { t, facts } = context('mapping.mounts');
    const script = answering(
      'inotify.outside=came\nfifo.across=through',
      'inotify.outside=nothing\nfifo.across=through',
    );

    await compare(t, '/at', { script, asked: {} });

    expect(facts['different.inotify.outside']).toContain('runc: came; Kata: nothing; by design');
    expect(facts['as-runc.fifo.across']).toContain('through: no difference any more');
  });

  test('counts a refused container once, and not each answer from within it', async () => {
    const { t, facts } = context('mapping.uidgid');
    const script = answering(
      'userns=runs\nuserns.map=0 100000 65536\nread.own=x',
      'userns=refused: not permitted\nread.own=x',
    );

    await compare(t, '/at', { script, asked: {}, within: { userns: /^userns\./ } });

    expect(Object.keys(facts).filter((key) => key.startsWith('different.'))).toEqual(['different.userns']);
  });
});
