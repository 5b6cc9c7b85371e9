import { describe, expect, test } from 'vitest';
import killVmm from '../../../scenarios/kata/kill-vmm.ts';
import logClean from '../../../scenarios/kata/log-clean.ts';
import parallel from '../../../scenarios/kata/parallel.ts';
import { unexplained } from '../../../scenarios/parts/log-allowances.ts';
import { mustFail } from '../../../scenarios/parts/negative.ts';
import { failed, on, run } from '../../support/kata-machine.ts';

describe('kata.kill-vmm', () => {
  const unnoticed = { 'kill -KILL': failed('vmm-death-unnoticed', 'its VMM was killed, and it is RUNNING') };

  test("is skipped with Kata's own tracker where the gap is Kata's own", async () => {
    await expect(run(killVmm, on('kata.kill-vmm', unnoticed))).rejects.toMatchObject({
      name: 'Skip',
      message: expect.stringContaining('kata-containers#9375'),
    });
  });

  test('is a failure on a runtime that has no such gap', async () => {
    const machine = on('kata.kill-vmm', unnoticed, { change: { runtime: 'go' } });

    await expect(run(killVmm, machine)).rejects.toMatchObject({ class: 'vmm-death-unnoticed' });
  });

  test('is a failure where it fails by something else than the gap', async () => {
    const machine = on('kata.kill-vmm', { 'kill -KILL': failed('shim-panic', 'a panic') });

    await expect(run(killVmm, machine)).rejects.toMatchObject({ class: 'shim-panic' });
  });
});

describe('kata.parallel', () => {
  test('is skipped where the machine carries but one guest', async () => {
    const machine = on('kata.parallel', { 'shm=': 'shm=1000\nmemory=5400\nprocessors=8\n' });

    await expect(run(parallel, machine)).rejects.toMatchObject({
      name: 'Skip',
      message: 'this machine carries 1 guest of 576 MiB at once, and it takes 2',
    });
  });

  test.for([
    ['2', 'rust', { shm: 2900, memory: 5400, processors: 1 }],
    ['4', 'rust', { shm: 9000, memory: 9000, processors: 16 }],
    ['3', 'go', { shm: 9000, memory: 8000, processors: 16 }],
  ] as const)('starts %s guests of the %s runtime where there is %o', async ([count, runtime, room]) => {
    const said = Object.entries(room).map(([key, value]) => `${key}=${value}\n`);
    const machine = on('kata.parallel', { 'shm=': said.join('') }, { change: { runtime } });

    await run(parallel, machine);

    expect(machine.doings.facts.get('parallel.count')).toBe(Number(count));
  });
});

describe('kata.log-clean', () => {
  const logs = (lines: string, spoken = '12') => ({
    new_logs: `== kata\n${lines}\n== containerd\n== kernel\n== denials\n== spoken\n${spoken}\n`,
  });

  test('passes where nothing is said that no allowance explains', async () => {
    await expect(run(logClean, on('kata.log-clean', logs('')))).resolves.toBeUndefined();
  });

  test('fails by the very lines', async () => {
    await expect(run(logClean, on('kata.log-clean', logs('broken on purpose')))).rejects.toMatchObject({
      class: 'log-error',
      message: 'kata:\nbroken on purpose',
    });
  });

  test('fails where the journal has no word of Kata, as it would be clean for the wrong reason', async () => {
    await expect(run(logClean, on('kata.log-clean', logs('', '0')))).rejects.toMatchObject({
      class: 'log-silent',
    });
  });

  test('allows a line in its own log and by its own runtime alone', () => {
    const allowances = [
      { source: 'kata', pattern: /^harmless/, runtime: 'go', reason: 'it is said at every end' },
    ] as const;

    expect(unexplained('kata', 'harmless\nharm\n', 'go', allowances)).toEqual(['harm']);
    expect(unexplained('kata', 'harmless\n', 'rust', allowances)).toEqual(['harmless']);
    expect(unexplained('kernel', 'harmless\n', 'go', allowances)).toEqual(['harmless']);
  });
});

describe('a negative control', () => {
  const negative = { path: '/nonexistent', class: 'hypervisor-path' };

  test('passes on the expected kind of failure', async () => {
    const { t, doings } = on('kata.negative-path', {
      'start_sleeper kata negative': failed('hypervisor-path', 'is invalid'),
    });

    await mustFail(t, negative);

    expect(doings.facts.get('negative.class')).toBe('hypervisor-path');
  });

  test('fails where a container runs all the same', async () => {
    const { t } = on('kata.negative-path', {});

    await expect(mustFail(t, negative)).rejects.toThrow(
      'a container runs though its VMM is to be /nonexistent',
    );
  });

  test('fails on another kind of failure', async () => {
    const { t } = on('kata.negative-path', {
      'start_sleeper kata negative': failed('agent-timeout', 'no answer'),
    });

    await expect(mustFail(t, negative)).rejects.toThrow(
      'failed by agent-timeout, and not by hypervisor-path',
    );
  });
});
