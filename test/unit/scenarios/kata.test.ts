import { describe, expect, test } from 'vitest';
import uname from '../../../scenarios/kata/uname.ts';
import { between, kataStack } from '../../../scenarios/parts/kata.ts';
import type { InstalledKata, InstalledStack } from '../../../src/domain/installed-kata.ts';
import { scriptedContext } from '../../support/scripted-context.ts';

const qemu: InstalledStack = {
  ...{ runtime: 'rust', hypervisor: 'qemu', shim: '/opt/kata/runtime-rs/bin/containerd-shim-kata-v2' },
  ...{ config: '/etc/katafarm/qemu/configuration.toml', memoryMiB: 2048 },
  kernel: { path: '/opt/kata/share/kata-containers/vmlinuz.container', whose: 'kata' },
  rootfs: { path: '/opt/kata/share/kata-containers/kata-containers.img', whose: 'kata', kind: 'image' },
  stretched: ['the agent may take 90 s to answer'],
  departures: ['block_device_aio = threads, as kernel.io_uring_disabled is 2'],
};
const installed: InstalledKata = {
  ...{ version: '4.1.0', source: 'dir:/kata', digest: 'abc', trust: 'local', replaced: [] },
  stacks: { qemu, 'qemu+distro-kernel': qemu },
  absent: { clh: 'the distro has no clh' },
};

const runcSays = 'kernel=6.12.48\nmachine=6.12.48\n';
const tokenIn = (script: string) => /token=([\w-]+)/.exec(script)?.[1];

/** A machine with that Kata, in which the containers answer so. */
const machine =
  (kata: (script: string) => string, runc: (when: string) => string = () => runcSays) =>
  (script: string) => {
    const control = /control-(before|after)/.exec(script)?.[1];
    if (script.startsWith('cat /etc/katafarm/kata.json')) {
      return JSON.stringify(installed);
    }
    if (control) {
      return runc(control);
    }
    return script.includes('run_to_end kata') ? kata(script) : '';
  };
const unasked = machine(() => 'nobody asks');

describe('a stack of Kata in a machine', () => {
  test('is recorded with what was stretched for it, and degraded by what it departs in', async () => {
    const { t, doings } = scriptedContext('kata.uname', 'qemu', unasked);

    await kataStack(t);

    expect(Object.fromEntries(doings.facts)).toMatchObject({
      ...{ 'kata.version': '4.1.0', 'kata.source': 'dir:/kata', 'kata.digest': 'abc' },
      ...{ 'kata.runtime': 'rust', 'stretched.1': 'the agent may take 90 s to answer' },
    });
    expect(doings.degraded).toEqual(qemu.departures);
  });

  test.for([
    ['qemu', 'io.containerd.kata-qemu.v2'],
    ['qemu+distro-kernel', 'io.containerd.kata-qemu-distro-kernel.v2'],
  ] as const)(
    'of %s is asked for by a runtime of its own, with its configuration',
    async ([stack, runtime]) => {
      const { t, doings } = scriptedContext('kata.uname', stack, unasked);

      await kataStack(t);

      expect(doings.scripts.join('\n')).toContain(`kata_runtime=${runtime}\nkata_config=${qemu.config}\n`);
    },
  );

  test.for([
    ['clh', 'the distro has no clh'],
    ['dragonball', 'this Kata has no dragonball'],
  ] as const)('skips the scenario where there is no %s, and says why', async ([stack, because]) => {
    const { t } = scriptedContext('kata.uname', stack, unasked);

    await expect(kataStack(t)).rejects.toMatchObject({ name: 'Skip', message: because });
  });
});

describe('a deed of Kata', () => {
  const before = 'control control: a container without a VM, before';
  const after = 'control control: a container without a VM, after';

  test('stands between two controls', async () => {
    const { t, doings } = scriptedContext('kata.uname', 'qemu', unasked);

    await between(t, '/at', () => t.step('the deed', async () => {}));

    expect(doings.steps).toEqual([before, 'the deed', after]);
  });

  test('is not done where the first control runs on another kernel than the machine, as no VM is none', async () => {
    const { t, doings } = scriptedContext(
      'kata.uname',
      'qemu',
      machine(
        () => '',
        () => 'kernel=6.18.35\nmachine=6.12.48\n',
      ),
    );

    const deed = between(t, '/at', () => t.step('the deed', async () => {}));

    await expect(deed).rejects.toThrow(
      'a container without a VM says kernel 6.18.35, and its machine runs 6.12.48',
    );
    // It is the control that failed: what fails outside of it would be a verdict on Kata.
    expect(doings).toMatchObject({ steps: [before], failed: [before] });
  });

  test('is no pass where the last control fails', async () => {
    const runc = (when: string) => (when === 'after' ? 'kernel=\nmachine=6.12.48\n' : runcSays);
    const { t, doings } = scriptedContext(
      'kata.uname',
      'qemu',
      machine(() => '', runc),
    );

    await expect(between(t, '/at', async () => {})).rejects.toThrow(/^a container without a VM says kernel/);
    expect(doings.failed).toEqual([after]);
  });
});

describe('kata.uname', () => {
  const says = (container: string) => (script: string) =>
    `${container.replace('TOKEN', tokenIn(script) ?? '')}\nseconds=3\nmachine=6.12.48\nmachine.boot=b-1\n`;

  test('passes where the container has booted by itself, and records its kernel', async () => {
    const { t, doings } = scriptedContext(
      'kata.uname',
      'qemu',
      machine(says('kernel=6.18.35\nboot=b-2\npid=1\ntoken=TOKEN')),
    );

    await uname.run(t);

    expect(Object.fromEntries(doings.facts)).toMatchObject({
      'guest.kernel': '6.18.35',
      'sandbox.seconds': 3,
    });
  });

  test('passes on a kernel of the very version of the machine, as a VM of its own may boot that', async () => {
    const { t } = scriptedContext(
      'kata.uname',
      'qemu+distro-kernel',
      machine(says('kernel=6.12.48\nboot=b-2\npid=1\ntoken=TOKEN')),
    );

    await expect(uname.run(t)).resolves.toBeUndefined();
  });

  test.for([
    [
      'is in no VM',
      'kernel=6.12.48\nboot=b-1\npid=1\ntoken=TOKEN',
      { message: /^the container is in no VM/, class: 'guest-kernel-same' },
    ],
    ['is of an earlier run', 'kernel=6.18.35\nboot=b-2\ntoken=old', { message: /did not say the token/ }],
    ['does not tell its boot', 'kernel=6.18.35\nboot=\ntoken=TOKEN', { message: /of which boot/ }],
    ['says nothing', '', { message: /did not say the token/ }],
  ] as const)('fails where the container %s', async ([, container, { message, ...more }]) => {
    const { t } = scriptedContext('kata.uname', 'qemu', machine(says(container)));

    const error = await uname.run(t).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ message: expect.stringMatching(message), ...more });
  });
});
