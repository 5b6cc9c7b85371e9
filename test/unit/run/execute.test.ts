import { spawn as spawnProcess } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { cellOf } from '../../../src/domain/cell.ts';
import type { Outcome, Phase } from '../../../src/domain/outcome.ts';
import type { Judgement } from '../../../src/machine/judgement.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { execute } from '../../../src/run/execute.ts';
import { Transcript } from '../../../src/run/transcript.ts';
import type { LoadedScenario, Scenario } from '../../../src/scenario.ts';
import { distroLike, read, scenarioLike } from '../../support/domain.ts';
import { fakeProvider } from '../../support/fake-provider.ts';

const folder = await mkdtemp(join(tmpdir(), 'execute-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
let count = 0;

const quickControl: Scenario['run'] = async ({ step, guest: { $ } }) =>
  void (await step('run a container', () => $`echo contained`));

interface Setting {
  /** The control's deed, unless the run has none. */
  readonly control?: Scenario['run'] | 'none';
  readonly usualMs?: number;
  readonly machine?: Partial<Machine>;
  readonly stack?: 'host' | 'qemu';
  readonly qemu?: string;
  readonly spec?: Partial<LoadedScenario>;
  readonly signal?: AbortSignal;
  readonly factor?: number;
}

interface Executed {
  readonly outcome: Outcome;
  readonly phases: readonly Phase[];
  readonly transcript: string;
}

/** Runs a scenario on a machine that is a folder of this host; a step has 0.4 s. */
async function executed(
  run: Scenario['run'],
  {
    control = quickControl,
    usualMs = 1_000,
    machine = {},
    stack = 'host',
    qemu,
    spec,
    signal = new AbortController().signal,
    factor = 1,
  }: Setting = {},
): Promise<Executed> {
  await using provider = await fakeProvider();
  const distro = distroLike(
    qemu === undefined ? {} : { parts: { qemu: { package: 'q', path: qemu, ...read } } },
  );
  const image = await provider.image(distro, () => {}, signal);
  const speed = await provider.probe(image, () => {}, signal);
  count += 1;
  const path = join(folder, `${count}.txt`);
  await using held = await provider.boot(image, {
    ...{ name: 'm', run: 'r', batch: 'debian-13/qemu:built', speed, memoryMiB: 64, purpose: 'commands' },
    ...{ network: false, logs: folder, announce: async () => {}, signal },
  });
  const phases: Phase[] = [];
  const outcome = await (async () => {
    await using transcript = new Transcript(path);
    return await execute({
      scenario: { ...scenarioLike('host.cpu', { stepSeconds: 0.4, ...spec }), run },
      cell: cellOf('debian-13', stack, 'host.cpu'),
      distro,
      machine: { ...held, ...machine },
      factor,
      transcript,
      fact: async () => {},
      signal,
      during: (phase, body) => {
        phases.push(phase);
        return body();
      },
      control:
        control === 'none'
          ? undefined
          : { scenario: { ...scenarioLike('control.runc', { stepSeconds: 2 }), run: control }, usualMs },
    });
  })();
  return { outcome, phases, transcript: await readFile(path, 'utf8') };
}

const hangs: Scenario['run'] = async ({ step, guest: { $ } }) =>
  void (await step('wait for ever', () => $`echo on my way; sleep 600`));

describe.concurrent('a step at its limit', () => {
  it('is a hang where the control is as quick as ever on the same machine', async () => {
    const { outcome, phases, transcript } = await executed(hangs, { usualMs: 100 });

    expect(outcome).toMatchObject({
      status: 'failed',
      step: 'wait for ever',
      class: 'hang',
      message: '"wait for ever" hangs: no end within 0 s; seen last: on my way',
    });
    expect(phases).toEqual(['execute', 'diagnose']);
    expect(transcript).toMatch(
      /for comparison\n.*-- run a container\n.*echo contained\ncontained\n.*failed: /s,
    );
  });

  it.each([
    ['a command', hangs],
    [
      'no command at all',
      (async ({ step }) =>
        await step('wait for ever', () => new Promise<never>(() => {}))) satisfies Scenario['run'],
    ],
  ])('is a hang, whatever the scenario makes of it: it waits for %s', async (_, waits) => {
    const { outcome } = await executed(async (t) => {
      await waits(t).catch(() => {
        throw new Error('a wrong word on what was tested');
      });
    });

    expect(outcome).toMatchObject({ status: 'failed', step: 'wait for ever', class: 'hang' });
  });

  it.each<[string, Setting, RegExp]>([
    ['the control fails', { control: async ({ guest: { $ } }) => void (await $`exit 3`) }, /does not vouch/],
    ['the control hangs as well', { control: hangs }, /does not vouch.*wait for ever/],
    [
      'the control is slow',
      { control: async () => void (await sleep(2_300)), usualMs: 10 },
      /the machine is slow: control\.runc took 2\.\d s, and 0\.0 s/,
    ],
    ['there is no control', { control: 'none' }, /the run has no scenario control\.runc/],
  ])('is no verdict where %s', async (_, setting, detail) => {
    const { outcome } = await executed(hangs, setting);

    expect(outcome).toMatchObject({
      status: 'errored',
      phase: 'execute',
      message: 'cannot wait any longer than 0 s for "wait for ever"; seen last: on my way',
      detail: expect.stringMatching(detail),
    });
  });

  it('is the failure of a part whose program ran earlier in the step, and runs no more', async () => {
    const qemu = join(folder, 'qemu-system-fake');
    await copyFile('/bin/sleep', qemu);

    const { outcome } = await executed(
      async ({ step, part, guest: { $ } }) =>
        void (await step('boot', () => $`${part('qemu').path} 2.3; sleep 600`)),
      { stack: 'qemu', qemu, spec: { stepSeconds: 6 } },
    );

    expect(outcome).toMatchObject({
      status: 'failed',
      step: 'boot',
      class: 'qemu-exited',
      detail: expect.stringMatching(/process \d+ \(.*qemu-system-fake 2\.3\) ran [0-3] s into the step/),
    });
  }, 20_000);

  it('is a hang where the program of its part runs on', async () => {
    const qemu = join(folder, 'qemu-system-hung');
    await copyFile('/bin/sleep', qemu);

    const { outcome } = await executed(
      async ({ step, part, guest: { $ } }) =>
        void (await step('boot', () => $`setsid ${part('qemu').path} 5 >/dev/null 2>&1 & sleep 600`)),
      { stack: 'qemu', qemu, spec: { stepSeconds: 1 } },
    );

    expect(outcome).toMatchObject({ status: 'failed', class: 'hang' });
  });

  it('is a lost machine where nothing answers any more', async () => {
    const judge = async (): Promise<Judgement> => ({ fatal: [], farm: [], last: 'login:' });

    const { outcome } = await executed(hangs, { machine: { answers: async () => false, judge } });

    expect(outcome).toMatchObject({
      status: 'errored',
      message: 'the machine was lost at "wait for ever"',
      detail: expect.stringMatching(/seen last: on my way\nits console said last: login:$/),
    });
  });

  it('is no verdict where its machine answers, and the look at it hangs as well', async () => {
    let isHung = false;
    const spawn = () => {
      isHung = true;
      return spawnProcess('sleep', ['600'], { timeout: 15_000, killSignal: 'SIGKILL' });
    };

    const { outcome } = await executed(hangs, {
      machine: { spawn },
      stack: 'qemu',
      factor: 0.1,
      spec: { stepSeconds: 4 },
    });

    expect(isHung).toBe(true);
    expect(outcome).toMatchObject({
      status: 'errored',
      phase: 'diagnose',
      message:
        'cannot wait any longer than 0 s for "wait for ever"; cannot wait any longer than 1 s for the processes of m',
    });
  });

  it('holds for a command outside of the steps', async () => {
    const { outcome } = await executed(async ({ guest: { $ } }) => void (await $`sleep 600`));

    expect(outcome).toMatchObject({ status: 'failed', class: 'hang', message: /^a command hangs/ });
  });
});

describe.concurrent('a control within a scenario', () => {
  it('blocks the cell where it fails, and says why', async () => {
    const { outcome, transcript } = await executed(async ({ control, guest: { $ } }) => {
      await control('run a container without a VM', () => $`echo no such runtime >&2; exit 3`);
    });

    expect(outcome).toEqual({
      status: 'blocked',
      by: 'debian-13/runc/control.runc',
      message: 'run a container without a VM: no such runtime (a command ended with 3)',
    });
    expect(transcript).toContain('-- run a container without a VM');
  });

  it('comes after a deed that failed, whose step is still the one that is named', async () => {
    const { outcome } = await executed(async ({ step, control }) => {
      try {
        await step('run a container by Kata', () => Promise.reject(new Error('no container')));
      } finally {
        await control('a container without a VM, after', async () => {});
      }
    });

    expect(outcome).toEqual({
      status: 'failed',
      step: 'run a container by Kata',
      message: 'no container',
    });
  });

  it('says more than a deed that failed where it fails after it', async () => {
    const { outcome } = await executed(async ({ step, control }) => {
      try {
        await step('run a container by Kata', () => Promise.reject(new Error('no container')));
      } finally {
        await control('a container without a VM, after', () => Promise.reject(new Error('none at all')));
      }
    });

    expect(outcome).toMatchObject({
      status: 'blocked',
      message: 'a container without a VM, after: none at all',
    });
  });

  it('is a step like others where it passes, and gives its value', async () => {
    const values: unknown[] = [];

    const { outcome } = await executed(async ({ control, guest: { $ } }) => {
      values.push(await control('say a word', () => $`echo word`.text()));
    });

    expect(outcome).toEqual({ status: 'passed' });
    expect(values).toEqual(['word\n']);
  });

  it('is looked at as any step is where it does not end', async () => {
    const { outcome } = await executed(async ({ control, guest: { $ } }) => {
      await control('wait for ever', () => $`sleep 600`);
    });

    expect(outcome).toMatchObject({ status: 'failed', step: 'wait for ever', class: 'hang' });
  });
});

describe.concurrent('a scenario', () => {
  it('is ended at once by a panic, and fails by it', async () => {
    const panic = 'the kernel panicked: Kernel panic - not syncing';
    const judge = async (): Promise<Judgement> => ({ fatal: [panic], farm: [], panic });

    const { outcome } = await executed(hangs, {
      machine: { judge, answers: async () => false },
      spec: { stepSeconds: 600 },
    });

    expect(outcome).toMatchObject({ status: 'failed', step: 'wait for ever', message: panic });
  });

  it('is ended where a command prints without end', async () => {
    const { outcome, transcript } = await executed(
      async ({ step, guest: { $ } }) => void (await step('print', () => $`yes`.nothrow())),
      { spec: { stepSeconds: 60 } },
    );

    expect(outcome).toMatchObject({
      status: 'errored',
      message: 'cannot keep what a command prints: it came to more than 4 MiB, and was ended (at "print")',
    });
    expect(transcript.length).toBeLessThan(6 * 2 ** 20);
  });

  it('gives its verdict in spite of commands that it left going', async () => {
    const { outcome } = await executed(async ({ guest: { $ } }) => {
      $`sleep 600`.run();
      $`exit 3`.run();
      await $`sleep 0.1`;
    });

    expect(outcome).toEqual({ status: 'passed' });
  });

  it('rejects with the reason where the run is interrupted, in the look afterwards as well', async () => {
    const stop = new AbortController();
    const control: Scenario['run'] = async ({ step, guest: { $ } }) => {
      stop.abort('SIGINT');
      await step('hang', () => $`sleep 600`);
    };

    await expect(executed(hangs, { control, signal: stop.signal })).rejects.toBe('SIGINT');
  });
});
