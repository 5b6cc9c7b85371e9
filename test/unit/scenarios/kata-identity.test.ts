import { describe, expect, test } from 'vitest';
import vmmIdentity from '../../../scenarios/kata/vmm-identity.ts';
import type { InstalledStack } from '../../../src/domain/installed-kata.ts';
import { on, qemuStack, run } from '../../support/kata-machine.ts';

describe('kata.vmm-identity', () => {
  const ran = {
    'vmm.path': '/usr/bin/qemu-system-x86_64',
    'vmm.package': 'qemu-system-x86 1:10.0.13',
    'vmm.expected': '/usr/bin/qemu-system-x86_64',
    'vmm.cmdline': "/usr/bin/qemu-system-x86_64 -name sandbox-sandbox -append 'a b'",
    'guest.kernel': '6.18.35',
    machine: '6.12.48',
  };
  const said = (change: Partial<Record<keyof typeof ran, string>> = {}) => ({
    'vmm_of sandbox': Object.entries({ ...ran, ...change })
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
  });
  /** Without virtiofsd: it goes the VMM's way. */
  const { virtiofsd: _, ...alone } = qemuStack;
  const given = (change: Partial<InstalledStack> = {}) => ({ stacks: { qemu: { ...alone, ...change } } });

  test("passes where what runs is of the distro's package, and records the whole command line", async () => {
    const machine = on('kata.vmm-identity', said(), given());

    await run(vmmIdentity, machine);

    expect(machine.doings.facts.get('vmm.cmdline')).toBe(ran['vmm.cmdline']);
    expect(machine.doings.facts.get('kernel.whose')).toBe('kata');
  });

  test.for([
    ['wrong-vmm', { 'vmm.path': '/opt/kata/bin/qemu-system-x86_64' }, {}],
    ['wrong-vmm', { 'vmm.package': 'none' }, {}],
    ['wrong-kernel', {}, { kernel: { path: '/boot/vmlinuz-6.12.48', whose: 'distro' } }],
  ] as const)('fails as %s where it is %o', async ([kind, change, stack]) => {
    await expect(run(vmmIdentity, on('kata.vmm-identity', said(change), given(stack)))).rejects.toMatchObject(
      { class: kind },
    );
  });

  test('fails as wrong-virtiofsd where that of Kata runs', async () => {
    const daemon = 'virtiofsd.path=/opt/kata/libexec/virtiofsd\nvirtiofsd.expected=/usr/libexec/virtiofsd';
    const machine = on('kata.vmm-identity', {
      'vmm_of sandbox': `${said()['vmm_of sandbox']}\n${daemon}`,
    });

    await expect(run(vmmIdentity, machine)).rejects.toMatchObject({ class: 'wrong-virtiofsd' });
  });
});
