import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { judge } from '../../../src/providers/qemu/judge-trials.ts';

const svm = { ms: 2_400, flag: 'svm' };

describe('what a host can do', () => {
  it('is nested KVM where a guest under KVM saw the CPU flag', () => {
    expect(judge({ ms: 380, flag: 'vmx' }, svm, undefined, 'auto')).toMatchObject({
      class: 'kvm-nested',
      accelerator: 'kvm',
      factor: 1,
    });
  });

  it('is emulation where KVM works without nesting, as nesting is what everything rests on', () => {
    const speed = judge({ ms: 800, flag: 'no' }, svm, undefined, 'auto');

    expect(speed).toMatchObject({ class: 'tcg+svm', accelerator: 'tcg' });
    expect(speed.because).toContain('a guest came up under KVM, but without nested virtualisation');
  });

  it('is KVM alone where the guest saw no flag, and KVM was asked for', () => {
    const speed = judge({ ms: 800, flag: 'no' }, undefined, undefined, 'kvm');

    expect(speed).toMatchObject({ class: 'kvm', accelerator: 'kvm', factor: 2 });
    expect(speed.because).toContain('without nested virtualisation');
  });

  it('is emulation where a software KVM opens and never brings a guest up', () => {
    const speed = judge({ ms: 9_600 }, svm, undefined, 'auto');

    expect(speed).toMatchObject({ class: 'tcg+svm', accelerator: 'tcg', factor: 6 });
    expect(speed.because).toContain('/dev/kvm is there, but no guest came up under it within 9600 ms');
  });

  it('is emulation where there is no KVM, and says why', () => {
    const speed = judge(undefined, svm, 'there is no /dev/kvm', 'auto');

    expect(speed.because).toBe('there is no /dev/kvm; a guest came up under emulation in 2400 ms');
  });

  it('is nothing nested where emulation lacks SVM', () => {
    expect(judge(undefined, { ms: 2_400, flag: 'no' }, 'there is no /dev/kvm', 'auto').class).toBe('none');
  });

  it('says that emulation was asked for, not that KVM failed', () => {
    expect(judge(undefined, svm, undefined, 'tcg').because).toMatch(/^--accel tcg; /);
  });

  it('never has limits shorter than those of hardware', () => {
    expect(judge({ ms: 20, flag: 'svm' }, undefined, undefined, 'kvm').factor).toBe(1);
  });
});

describe('a host that can do nothing', () => {
  it.each([
    [
      'KVM was asked for and is not there',
      () => judge(undefined, undefined, 'there is no /dev/kvm', 'kvm'),
      /^cannot use KVM, which --accel asks for: there is no \/dev\/kvm$/,
    ],
    [
      'QEMU ended at once',
      () => judge({ ms: 9, ended: 'no such device' }, { ms: 8, ended: 'bad ROM' }, undefined, 'auto'),
      /under it \(QEMU ended after 9 ms: no such device\); no guest came up under emulation \(QEMU ended after 8 ms: bad ROM\)\n/,
    ],
    [
      'emulation was asked for and hangs',
      () => judge(undefined, { ms: 120_000 }, 'there is no /dev/kvm', 'tcg'),
      /^cannot run machines on this host: no guest came up under emulation within 120000 ms\n.*doctor/,
    ],
  ])('is told so: %s', (_, judged, message) => {
    expect(judged).toThrow(message);
    expect(judged).toThrow(UserError);
    expect(judged).toThrow(expect.objectContaining({ exitCode: 3 }));
  });
});
