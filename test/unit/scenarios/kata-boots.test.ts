import { describe, expect, test } from 'vitest';
import unameBare from '../../../scenarios/kata/uname-bare.ts';
import unameCold from '../../../scenarios/kata/uname-cold.ts';
import { failed, on, qemuStack, run } from '../../support/kata-machine.ts';

describe('kata.uname-cold', () => {
  const boots = ['boot-1\n', 'boot-2\n'];
  const cold = (answers: Readonly<Record<string, string | Error>>) => {
    const machine = on('kata.uname-cold', answers, { stacks: { 'qemu.upstream': qemuStack } });
    const ids = [...boots];
    const { $ } = machine.t.guest;
    const asked = Object.assign(
      (strings: TemplateStringsArray, ...values: string[]) =>
        strings[0]?.startsWith('cat /proc/sys/kernel/random/boot_id')
          ? { quiet: () => ({ text: async () => ids.shift() }) }
          : $(strings, ...values),
      {},
    );
    return {
      ...machine,
      t: { ...machine.t, guest: { ...machine.t.guest, $: asked, reboot: async () => {} } },
    };
  };
  const green = 'boot=b-9\nkernel=6.18.35\nmachine.boot=boot-2\n';

  test('passes where the own stack is green, and tells of the others', async () => {
    const machine = cold({ 'cold-qemu-upstream': failed('guest-panic', 'it panicked'), 'cold-qemu': green });

    await unameCold.run(machine.t as never);

    expect(Object.fromEntries(machine.doings.facts)).toMatchObject({
      'cold.qemu': '6.18.35',
      'cold.qemu.upstream': 'failed: it panicked',
    });
  });

  test('fails where the own stack does', async () => {
    const machine = cold({ 'cold-qemu-upstream': green, 'cold-qemu': failed('shim-start', 'no shim') });

    await expect(unameCold.run(machine.t as never)).rejects.toMatchObject({ class: 'shim-start' });
  });
});

test('kata.uname-bare runs nothing where the CPU says that it is virtual', async () => {
  const machine = on('kata.uname-bare', { '/proc/cpuinfo': 'flags : fpu hypervisor lm\n' });

  await expect(run(unameBare, machine)).rejects.toThrow("this machine's CPU says that it is virtual");
});
