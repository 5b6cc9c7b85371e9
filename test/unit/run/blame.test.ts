import { describe, expect, it } from 'vitest';
import { BootFailed, OutputFlood, TransportError } from '../../../src/machine/faults.ts';
import type { Judgement } from '../../../src/machine/judgement.ts';
import { LimitReached } from '../../../src/machine/limit.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { bootOutcome, farmErred, lookAt, lostOutcome } from '../../../src/run/blame.ts';
import { ControlFailed, Skip } from '../../../src/run/run-scenario.ts';

const panic = 'the kernel panicked: Kernel panic - not syncing: sysrq triggered crash';
const cut = new TransportError('cannot copy f into the machine: ssh ended with 255');

describe('a machine that is lost under a scenario', () => {
  it.each<[string, Judgement, boolean, string]>([
    ['its kernel panicked', { fatal: [panic], farm: [], panic }, false, 'failed'],
    [
      'it panicked, and its QEMU was killed',
      { fatal: [panic], farm: ['its QEMU was ended by SIGKILL'], panic },
      false,
      'errored',
    ],
    [
      'it panicked for want of the memory that the farm gave it',
      { fatal: [panic], farm: ['the machine ran out of memory'], panic },
      false,
      'errored',
    ],
    [
      'it oopsed, and did not panic',
      { fatal: ['the kernel oopsed: Oops: 0000'], farm: [] },
      false,
      'errored',
    ],
    ['its console shows nothing', { fatal: [], farm: [] }, false, 'errored'],
    ['it answers, and only the way to it broke', { fatal: [panic], farm: [], panic }, true, 'errored'],
  ])('where %s', (_, judgement, answers, status) => {
    expect(lostOutcome({ answers, judgement, error: cut, step: 'boot' }).status).toBe(status);
  });

  it('fails by the panic, with the step that it was in', () => {
    const judgement = { fatal: [panic], farm: [], panic };

    expect(lostOutcome({ answers: false, judgement, error: cut, step: 'boot' })).toEqual({
      status: 'failed',
      step: 'boot',
      class: 'machine-panic',
      message: panic,
      detail: cut.message,
    });
  });

  it("says what is known where it is the farm's: the farm's trouble first, and the console's last words", () => {
    const judgement = {
      fatal: [panic],
      farm: ['its QEMU was ended by SIGKILL'],
      panic,
      last: '---[ end ]---',
    };

    expect(lostOutcome({ answers: false, judgement, error: cut, step: 'boot' })).toEqual({
      status: 'errored',
      phase: 'execute',
      message: `the machine was lost at "boot": its QEMU was ended by SIGKILL; ${panic}`,
      detail: `${cut.message}\nits console said last: ---[ end ]---`,
    });
  });
});

const machine = {
  name: 'm',
  answers: async () => true,
  judge: async () => ({ fatal: [], farm: [] }),
} as unknown as Machine;
const inNoVm = Object.assign(new Error('the container is in no VM\nkernel 6.12'), {
  class: 'guest-kernel-same',
});

describe("an exception on a machine that answers, and that is the farm's", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write 'f'"), {
    code: 'ENOSPC',
    errno: -28,
    syscall: 'write',
  });

  it.each([
    ['a full disk of this host', full],
    ['a command that printed too much', new OutputFlood(2 ** 24)],
    ['a limit of ours', new LimitReached('all steps of host.cpu', 300)],
    ['a mistake in the scenario', new TypeError('x is not a function')],
    ['a copy that broke', cut],
  ])('%s', async (_, error) => {
    const { signal } = new AbortController();

    const outcome = await lookAt(error, machine, 1, signal, 'look');

    expect(outcome).toMatchObject({ status: 'errored', phase: 'execute' });
  });
});

it('says of which kind a failure is, where the scenario could tell', async () => {
  const { signal } = new AbortController();

  expect(await lookAt(inNoVm, machine, 1, signal, 'look')).toEqual({
    ...{ status: 'failed', step: 'look', class: 'guest-kernel-same' },
    ...{ message: 'the container is in no VM', detail: 'kernel 6.12' },
  });
});

it('takes no kind from an error whose kind is no word', async () => {
  const { signal } = new AbortController();
  const talkative = Object.assign(new Error('broken'), { class: 'vmm-exited\nand much more' });

  expect(await lookAt(talkative, machine, 1, signal, 'look')).toEqual({
    ...{ status: 'failed', step: 'look', message: 'broken' },
  });
});

describe('a control that fails', () => {
  const by = 'debian-13/runc/control.runc';
  const look = (cause: unknown) => {
    const { signal } = new AbortController();
    return lookAt(new ControlFailed('run it', { cause }), machine, 1, signal, 'run it', by);
  };

  it('blocks the cell, and says what failed in which step', async () => {
    expect(await look(inNoVm)).toEqual({
      status: 'blocked',
      by,
      message: 'run it: the container is in no VM',
    });
  });

  it.each([
    ["is the farm's trouble", new TypeError('x is not a function'), { status: 'errored', phase: 'execute' }],
    ['lost its machine', cut, { status: 'errored', phase: 'execute' }],
    ['has nothing to say', new Skip('no containerd'), { status: 'skipped', because: 'no containerd' }],
  ])('blocks nothing where it %s', async (_, cause, outcome) => {
    expect(await look(cause)).toMatchObject(outcome);
  });
});

it('tells what led there, and not what went wrong while cleaning up after it', () => {
  const error = new SuppressedError(new Error('cannot write a transcript'), new Error('tar: short read'));

  expect(farmErred(error, 'prepare')).toMatchObject({ message: 'tar: short read' });
});

it('keeps no more of a message than is worth reading, whatever a guest said', () => {
  const { message, detail } = farmErred(
    new Error(`${'x'.repeat(2 ** 20)}\n${'y'.repeat(2 ** 20)}`),
    'execute',
  );

  expect([message.length, detail?.length]).toEqual([2_000, 2_000]);
});

describe('a boot that failed', () => {
  it("is the distro's where its console says so, and the farm's where it was only late", () => {
    const late = new LimitReached('m to boot', 90, 'Loading initial ramdisk');

    expect(bootOutcome(new BootFailed('late', [panic], late))).toMatchObject({ status: 'failed' });
    expect(bootOutcome(new BootFailed(late.message, [], late))).toEqual({
      status: 'errored',
      phase: 'boot',
      message: 'cannot wait any longer than 90 s for m to boot; seen last: Loading initial ramdisk',
    });
  });
});
