import { describe, expect, it } from 'vitest';
import { expectationsOf } from '../../../src/domain/expect.ts';
import type { History } from '../../../src/domain/history.ts';
import { batchLike, nothing } from './batch-like.ts';

describe('what a batch holds up', () => {
  it('is the longest chain behind each piece of its work', () => {
    const took = (ms: number) => new Map([['', ms]]);
    const batch = batchLike('debian-13', {
      'cold host.boot': [],
      'host.kvm': [],
      'host.cpu': [],
      'vmm.qemu.boot': ['host.kvm'],
      'kata.uname': ['vmm.qemu.boot'],
    });
    const history: History = {
      ...nothing,
      scenarios: new Map([
        ['host/host.boot', took(90)],
        ['host/host.kvm', took(10)],
        ['host/host.cpu', took(25)],
        ['host/vmm.qemu.boot', took(20)],
      ]),
      phases: new Map([
        ['debian-13/qemu:built image', took(60)],
        ['debian-13/qemu:built boot', took(50)],
        ['debian-13/qemu:built freeze', took(5)],
      ]),
    };

    const { image, template, cells, totalMs } = expectationsOf(batch, history);

    expect(image).toEqual({ ms: 60, restMs: 90 });
    expect(template).toEqual({ ms: 55, restMs: 35 });
    expect(cells.get('debian-13/host/host.kvm')).toEqual({ ms: 10, restMs: 25 });
    expect(cells.get('debian-13/host/vmm.qemu.boot')).toEqual({ ms: 20, restMs: 0 });
    expect(cells.get('debian-13/host/kata.uname')).toEqual({ ms: undefined, restMs: 0 });
    expect(totalMs).toBe(60 + 55 + 90 + 10 + 25 + 20);
  });
});
