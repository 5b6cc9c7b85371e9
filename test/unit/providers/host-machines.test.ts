import { describe, expect, it } from 'vitest';
import { cpuOf, machineTypeOf } from '../../../src/providers/qemu/host-machines.ts';

describe('the machine type', () => {
  // As QEMU 7.2 and 10.0 print them.
  it.each([
    ['q35                  Standard PC (Q35 + ICH9, 2009) (alias of pc-q35-7.2)', 'pc-q35-7.2'],
    [
      'pc                   Standard PC (i440FX + PIIX, 1996) (alias of pc-i440fx-10.0)\nq35                  Standard PC (Q35 + ICH9, 2009) (alias of pc-q35-10.0)',
      'pc-q35-10.0',
    ],
  ])('is what q35 stands for: %s', (help, type) => {
    expect(
      machineTypeOf(`Supported machines are:\n${help}\npc-q35-6.0 Standard PC (Q35 + ICH9, 2009)\n`),
    ).toBe(type);
  });

  it('is not guessed where QEMU does not know it', () => {
    expect(() => machineTypeOf('virt  QEMU 7.2 ARM Virtual Machine')).toThrow(
      'cannot find out what machine q35 is: QEMU says virt',
    );
  });
});

describe('the processor', () => {
  it('is its model and microcode, once, and nothing that changes by the minute', () => {
    const one =
      'processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 1\nmodel name\t: AMD EPYC 7B13';
    const rest = 'stepping\t: 0\nmicrocode\t: 0xa0011d1\ncpu MHz\t\t: 2449.998\nflags\t\t: fpu svm';

    expect(cpuOf(`${one}\n${rest}\n\n${one}\n${rest}\n`)).toBe(
      'vendor_id: AuthenticAMD; cpu family: 25; model: 1; model name: AMD EPYC 7B13; stepping: 0; microcode: 0xa0011d1',
    );
  });
});
