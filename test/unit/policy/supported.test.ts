import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { kataCells, kataNight, supportIn } from './nightly.ts';

const today = '2026-11-21';
const flaky: readonly Outcome[] = [
  { status: 'failed', message: 'no token' },
  { status: 'passed', flaky: true },
];

describe('a stack on which Kata runs', () => {
  it('works after two green nights on templates of their own', () => {
    const support = supportIn([kataNight('2026-11-20'), kataNight('2026-11-21')], today);

    expect(support).toMatchObject({
      word: 'supported',
      printed: 'works',
      reason: 'all 16 required cells are green, 2 nights in a row',
    });
  });

  it("works where the farm's own trouble lies between the two", () => {
    const errored = {
      'qemu/kata.net': [{ status: 'errored', phase: 'clone', message: 'no answer' }],
    } as const;
    const runs = [kataNight('2026-11-19'), kataNight('2026-11-20', errored), kataNight('2026-11-21')];

    expect(supportIn(runs, today).printed).toBe('works');
  });

  it('works, emulated, where hardware had no part in it', () => {
    const speed = 'tcg+svm';
    const runs = [kataNight('2026-11-20', {}, { speed }), kataNight('2026-11-21', {}, { speed })];

    expect(supportIn(runs, today).printed).toBe('works (emulated)');
  });

  it('was said to work, once that is too old', () => {
    const runs = [kataNight('2026-11-20'), kataNight('2026-11-21')];

    expect(supportIn(runs, '2026-12-20').printed).toBe('unknown (was works)');
  });

  it.each<[string, readonly ReturnType<typeof kataNight>[], RegExp]>([
    ['one night', [kataNight('2026-11-21')], /host\.boot was not green 2 nights in a row$/],
    [
      'two runs of one day',
      [kataNight('2026-11-21', {}, { id: 'first' }), kataNight('2026-11-21', {}, { id: 'second' })],
      /was not green 2 nights in a row$/,
    ],
    [
      'two nights on one template',
      ['2026-11-20', '2026-11-21'].map((on) =>
        kataNight(on, {}, { batchFacts: { 'image.built': '2026-11-19', 'image.digest': 'd1' } }),
      ),
      /was not green on 2 templates$/,
    ],
    [
      'nights whose templates nobody wrote down',
      ['2026-11-20', '2026-11-21'].map((on) => kataNight(on, {}, { batchFacts: {} })),
      /was not green on 2 templates$/,
    ],
    [
      'two nights, of one of which nobody wrote down the template',
      [kataNight('2026-11-20', {}, { batchFacts: {} }), kataNight('2026-11-21')],
      /was not green on 2 templates$/,
    ],
    [
      'two nights that are three weeks apart',
      [kataNight('2026-11-01'), kataNight('2026-11-21')],
      /was not green 2 nights in a row$/,
    ],
    [
      'a flaky night between',
      [kataNight('2026-11-20'), kataNight('2026-11-21', { 'qemu/kata.net': flaky })],
      /kata\.net was not green 2 nights in a row$/,
    ],
    [
      'a flake among a few nights',
      [kataNight('2026-11-19', { 'qemu/kata.net': flaky }), kataNight('2026-11-20'), kataNight('2026-11-21')],
      /kata\.net was flaky in 1 of 3 nights$/,
    ],
    [
      "a cell of Kata's that was not run",
      ['2026-11-20', '2026-11-21'].map((on) => {
        const { 'debian-13/qemu/kata.net': _, ...cells } = kataCells('debian-13');
        return kataNight(on, {}, { cells });
      }),
      /kata\.net was not run$/,
    ],
    [
      'no container after a boot',
      ['2026-11-20', '2026-11-21'].map((on) => kataNight(on, { 'qemu/kata.uname-cold': undefined })),
      /kata\.uname-cold was not green on this stack$/,
    ],
  ])('is only capable after %s', (_, runs, reason) => {
    expect(supportIn(runs, today)).toMatchObject({
      printed: 'capable',
      reason: expect.stringMatching(reason),
    });
  });

  it('forgives one flake in twenty nights', () => {
    const days = Array.from({ length: 20 }, (_, day) => `2026-11-${String(day + 2).padStart(2, '0')}`);
    const runs = days.map((on, index) => kataNight(on, index === 3 ? { 'qemu/kata.net': flaky } : {}));

    expect(supportIn(runs, today).printed).toBe('works');
    expect(supportIn(runs.slice(2), today).printed).toBe('capable');
  });

  it('is degraded, and not more, by a departure from a default', () => {
    const change = { 'qemu/kata.net': [{ status: 'passed', degraded: ['a key was set'] }] } as const;
    const runs = [kataNight('2026-11-20', change), kataNight('2026-11-21', change)];

    expect(supportIn(runs, today).printed).toBe('degraded');
  });

  it('is told of each stack by its own turn after the boot', () => {
    const stack = 'qemu+distro-kernel';
    const cold = 'debian-13/qemu/kata.uname-cold';
    const night = (on: string, fact: string) => {
      const own = Object.entries(kataCells('debian-13')).flatMap(([id, told]) =>
        id.includes('/qemu/kata.') && id !== cold
          ? [[id.replace('/qemu/', `/${stack}/`), told] as const]
          : [],
      );
      const guest = ['debian-13/qemu+distro-kernel/vmm.guest-kernel-config', [{ status: 'passed' }]] as const;
      const shared = ['debian-13/qemu+distro-kernel/vmm.guest-kernel-config', guest[1]] as const;
      const cells = { ...kataCells('debian-13'), ...Object.fromEntries([...own, shared]) };
      return kataNight(on, {}, { cells, facts: { [cold]: { [`cold.${stack}`]: fact } } });
    };
    const told = (fact: string) =>
      supportIn([night('2026-11-20', fact), night('2026-11-21', fact)], today, { stack }).printed;

    expect(told('6.12.28')).toBe('works');
    expect(told('failed: no agent')).toBe('capable');
  });
});
