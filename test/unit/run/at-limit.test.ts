import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { LimitReached } from '../../../src/machine/limit.ts';
import { type ControlRun, type Sight, verdictAtLimit } from '../../../src/run/at-limit.ts';
import { goneSince, type Running, runningIn } from '../../../src/run/part-watch.ts';
import { settle } from '../../../src/run/settle.ts';

const qemu: Running = { part: 'qemu', pid: 812, command: '/usr/bin/qemu-system-x86_64 -machine q35' };
const virtiofsd: Running = { part: 'virtiofsd', pid: 815, command: '/usr/libexec/virtiofsd --socket-path s' };

describe('a step at its limit', () => {
  const limit = new LimitReached('"boot"', 180, 'Booting from ROM...');
  const sight: Sight = { limit, step: 'boot', gone: [], factor: 6 };
  const quick: ControlRun = { kind: 'passed', ms: 20_000 };

  it('is the failure of the part that has ended under it', () => {
    const gone = [{ part: 'qemu', because: 'process 812 ran 45 s into the step' } as const];

    expect(verdictAtLimit({ ...sight, gone })).toEqual({
      status: 'failed',
      step: 'boot',
      class: 'qemu-exited',
      message: 'qemu ended, and what waits for it went on for 180 s',
      detail: `${limit.message}\nprocess 812 ran 45 s into the step`,
    });
  });

  it('is a hang on a machine that does all else as quickly as ever', () => {
    expect(verdictAtLimit({ ...sight, control: quick, usualMs: 23_000 })).toEqual({
      status: 'failed',
      step: 'boot',
      class: 'hang',
      message: '"boot" hangs: no end within 180 s; seen last: Booting from ROM...',
      detail: 'on the same machine, after that, control.runc passed in 20.0 s (23.0 s as a cell of its own)',
    });
  });

  it('is a hang without a word, outside of a step as well', () => {
    const silent = new LimitReached('a command between the steps', 30);

    expect(verdictAtLimit({ limit: silent, gone: [], control: quick, usualMs: 20_000, factor: 1 })).toEqual({
      status: 'failed',
      class: 'hang',
      message: 'a command hangs: no end within 30 s; without a word',
      detail: 'on the same machine, after that, control.runc passed in 20.0 s (20.0 s as a cell of its own)',
    });
  });

  it.each([
    ['the control took twice as long', { kind: 'passed', ms: 40_000 } as const, 20_000, 'failed'],
    ['the control took much longer', { kind: 'passed', ms: 53_000 } as const, 20_000, 'errored'],
    [
      'a short control is late by what a busy host adds',
      { kind: 'passed', ms: 13_000 } as const,
      1_000,
      'failed',
    ],
    ['it is not known what the control usually takes', quick, undefined, 'errored'],
    ['the control fails', { kind: 'failed', because: 'ctr: timeout' } as const, 20_000, 'errored'],
    ['there is no control', { kind: 'none', because: 'the run has none' } as const, undefined, 'errored'],
    ['nobody asked the control', undefined, undefined, 'errored'],
  ] as const)('where %s', (_, control, usualMs, status) => {
    const outcome = verdictAtLimit({ ...sight, ...(control && { control }), usualMs });

    expect(outcome.status).toBe(status);
  });

  it("says what it waited for, what it saw last, and why that is no verdict, where it is the farm's", () => {
    const control = { kind: 'failed', because: 'ctr: timeout (at "run a container")' } as const;

    expect(verdictAtLimit({ ...sight, control })).toEqual({
      status: 'errored',
      phase: 'execute',
      message: 'cannot wait any longer than 180 s for "boot"; seen last: Booting from ROM...',
      detail:
        'no verdict, as control.runc does not vouch for the machine: ctr: timeout (at "run a container")',
    });
  });
});

describe('what runs of the parts', () => {
  it('is read from lines, whatever a command line holds', () => {
    expect(runningIn('qemu 812 /usr/bin/qemu -name a b \nvirtiofsd 9 \nrunc 7 x\nnoise\n')).toEqual([
      { part: 'qemu', pid: 812, command: '/usr/bin/qemu -name a b' },
      { part: 'virtiofsd', pid: 9, command: '' },
    ]);
  });

  it.each<[string, readonly (readonly Running[])[], readonly Running[], readonly string[]]>([
    ['still there', [[qemu]], [qemu], []],
    ['there again, as another process', [[qemu]], [{ ...qemu, pid: 900 }], []],
    ['never there', [[], []], [], []],
    ['there once, and gone', [[qemu], []], [], ['qemu']],
    ['the VMM and virtiofsd, both gone', [[virtiofsd, qemu]], [], ['qemu', 'virtiofsd']],
    ['virtiofsd alone', [[virtiofsd, qemu]], [qemu], ['virtiofsd']],
    ['asked for its version', [[{ ...qemu, command: '/usr/bin/qemu-system-x86_64 --version' }]], [], []],
    ['asked for its devices', [[{ ...qemu, command: '/usr/bin/qemu-system-x86_64 -device help' }]], [], []],
  ])('%s', (_, seen, now, gone) => {
    const samples = seen.map((running, index) => ({ seconds: 10 * (index + 1), running }));

    expect(goneSince(samples, now).map(({ part }) => part)).toEqual(gone);
  });

  it('is told with when and as what it was seen', () => {
    const [first] = goneSince([{ seconds: 22.4, running: [qemu] }], []);

    expect(first?.because).toBe(
      'process 812 (/usr/bin/qemu-system-x86_64 -machine q35) ran 22 s into the step, and no qemu runs at its limit',
    );
  });
});

describe('a hang', () => {
  const limit = new LimitReached('"boot"', 180);
  const hang = verdictAtLimit({
    usualMs: 20_000,
    limit,
    step: 'boot',
    gone: [],
    control: { kind: 'passed', ms: 1 },
    factor: 1,
  });
  const slow = verdictAtLimit({
    limit,
    step: 'boot',
    gone: [],
    control: { kind: 'none', because: 'x' },
    factor: 1,
  });
  const green: Outcome = { status: 'passed' };

  it.each<[string, readonly Outcome[], Partial<Outcome>]>([
    ['that repeats on a second machine is the verdict', [hang, hang], { status: 'failed', class: 'hang' }],
    ['that does not repeat is a flaky pass', [hang, green], { status: 'passed', flaky: true }],
    ['that could not be confirmed is no verdict', [hang, slow, slow], { status: 'errored' }],
    [
      'that is confirmed after some trouble is the verdict',
      [hang, slow, hang],
      { status: 'failed', class: 'hang' },
    ],
  ])('%s', async (_, outcomes, settled) => {
    const left = [...outcomes];

    const outcome = await settle(
      async () => left.shift() ?? green,
      1,
      async () => {},
    );

    expect(outcome).toMatchObject(settled);
    expect(left).toEqual([]);
  });
});
