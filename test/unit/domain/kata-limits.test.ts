import { expect, it } from 'vitest';
import { asSlow, kataLimits } from '../../../src/domain/kata-limits.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';

const failed = (message: string, detail?: string): Outcome => ({
  status: 'failed',
  message,
  ...(detail !== undefined && { detail }),
});

it.each([
  { says: 'timed out waiting for QMP ready: /run/kata/x/root/qmp.sock', of: '50 s for QEMU to answer' },
  {
    says: 'hotplug_network_device(): device_add failed: Resource temporarily unavailable (os error 11)',
    of: '0.25 s for an answer',
  },
  {
    says: 'timed out (10s) waiting for DEVICE_DELETED event for drive-0',
    of: '10 s for QEMU to have removed',
  },
])('a red that says "$says" is the slowness of an emulated machine', ({ says, of }) => {
  const outcomes = [asSlow(failed(says)), asSlow(failed('a container does not start', says))];

  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: 'errored', message: expect.stringContaining(of) });
  }
});

it.each([
  failed('QEMU binary path `/nonexistent` is invalid'),
  failed('opening /etc/x: Resource temporarily unavailable (os error 11)'),
  { ...failed('timed out waiting for QMP ready'), class: 'vmm-exited' } as Outcome,
  { status: 'passed' } as const,
])('stays what it is: $message', (outcome) => {
  expect(asSlow(outcome)).toBe(outcome);
});

it('says of each limit where it was read', () => {
  expect(kataLimits.filter(({ source }) => !/^src\/\S+\.rs, [A-Z_]+$/.test(source))).toEqual([]);
});
