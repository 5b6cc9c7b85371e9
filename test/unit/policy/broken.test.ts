import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/domain/finding.ts';
import { matrixOf } from '../../../src/domain/matrix.ts';
import { failedTwice, qemuCells, runLike } from '../domain/run-like.ts';
import { kataCells, kataNight, supportIn } from './nightly.ts';

const today = '2026-11-21';
const boot = 'debian-12/qemu/vmm.qemu.boot';
const bookworm = { release: 'debian-12' };
const anchor = (on = today) => runLike({ id: `anchor-${on}`, on, cells: qemuCells('debian-13') });

describe('whose fault a broken stack is', () => {
  const found = (change: Partial<Finding>): Finding => ({
    component: 'unknown',
    because: ['seen'],
    evidence: [],
    versions: {},
    ...change,
  });
  const reasonOf = (finding?: Finding) => {
    const cells = qemuCells('debian-12', { 'qemu/vmm.qemu.boot': failedTwice });
    const red = runLike({ cells, ...(finding && { findings: { [boot]: finding } }) });
    const { word, reason } = supportIn([red, anchor()], today, bookworm);
    return [word, reason.split('; ').slice(1).join('; ')];
  };

  it.each<[string, Finding | undefined, string, string]>([
    [
      'named by a swap',
      found({ component: 'distro-virtiofsd', confidence: 'swap' }),
      'broken',
      'whose fault: distro-virtiofsd (swap)',
    ],
    ["Kata's", found({ component: 'kata', confidence: 'table' }), 'broken', 'whose fault: kata (table)'],
    ['unknown', found({}), 'broken', 'whose fault: unknown'],
    ['unknown where nobody looked', undefined, 'broken', 'whose fault: unknown'],
  ])('is said: %s', (_, finding, word, fault) => {
    expect(reasonOf(finding)).toEqual([word, fault]);
  });

  it.each(['farm', 'infra'] as const)('is no word where it is the %s', (component) => {
    expect(reasonOf(found({ component }))[0]).toBe('unknown');
  });
});

describe('what is published of a failure', () => {
  it('keeps its class, and the finding without its reasoning', () => {
    const told = [
      { status: 'failed', class: 'no-token', message: 'no token', detail: 'a long story' },
    ] as const;
    const finding = {
      component: 'distro-vmm',
      provenance: 'qemu-system-x86 1:7.2',
      class: 'qemu-exited',
      confidence: 'table',
      because: ['seen'],
      evidence: [{ file: 'console.log', line: 1, text: 'gone' }],
      versions: {},
    } as const;
    const run = runLike({ cells: { [boot]: told }, findings: { [boot]: finding } });

    const [observation] = matrixOf([run], { today }).evidence.observations;

    expect(observation).toMatchObject({
      outcome: { status: 'failed', class: 'no-token', message: 'no token' },
      finding: {
        component: 'distro-vmm',
        provenance: 'qemu-system-x86 1:7.2',
        class: 'qemu-exited',
        confidence: 'table',
      },
    });
    expect(JSON.stringify(observation)).not.toMatch(/a long story|gone|seen/);
  });
});

describe("a red of Kata's own cells", () => {
  const red = { 'qemu/kata.uname': failedTwice };
  const night = (release: 'debian-12' | 'debian-13', on: string, change = {}) =>
    kataNight(on, {}, { id: `${release}-${on}`, cells: kataCells(release, change) });

  it('is broken by the anchor of that night', () => {
    const runs = [night('debian-12', today, red), night('debian-13', today)];

    expect(supportIn(runs, today, bookworm)).toMatchObject({
      word: 'broken',
      reason: "kata.uname failed at 'boot': no token; whose fault: unknown",
    });
  });

  it('is unknown with an anchor of another night', () => {
    const runs = [night('debian-12', today, red), night('debian-13', '2026-11-18')];

    expect(supportIn(runs, today, bookworm).word).toBe('unknown');
  });

  it('is unknown with an anchor of another stack', () => {
    const elsewhere = Object.entries(kataCells('debian-13')).map(
      ([id, told]) => [id.replace('/qemu/kata.', '/qemu.upstream/kata.'), told] as const,
    );
    const other = kataNight(today, {}, { id: 'other', cells: Object.fromEntries(elsewhere) });

    expect(supportIn([night('debian-12', today, red), other], today, bookworm).word).toBe('unknown');
  });
});

describe('a control that fails night after night', () => {
  const control = { 'runc/control.runc': failedTwice };
  const night = (on: string, change = {}, id = `night-${on}`) =>
    runLike({ id, on, cells: qemuCells('debian-12', change) });
  const nights = (days: readonly string[]) => days.map((on) => night(on, control));
  const wordAfter = (runs: Parameters<typeof supportIn>[0]) => supportIn(runs, today, bookworm).word;

  it('breaks the stack after three nights, and names the party', () => {
    const runs = [...nights(['2026-11-19', '2026-11-20', today]), anchor()];

    expect(supportIn(runs, today, bookworm)).toMatchObject({
      word: 'broken',
      cell: 'debian-12/runc/control.runc',
      reason: "control.runc failed at 'boot': no token; 3 nights in a row; whose fault: container-stack",
    });
  });

  it('only blocks it after two', () => {
    expect(wordAfter([...nights(['2026-11-20', today]), anchor()])).toBe('blocked');
  });

  it('only blocks it where one of three was green', () => {
    const runs = [night('2026-11-19', control), night('2026-11-20'), night(today, control)];

    expect(wordAfter([...runs, anchor()])).toBe('blocked');
  });

  it('only blocks it where three runs were of two days', () => {
    const runs = [...nights(['2026-11-20', today]), night(today, control, 'again')];

    expect(wordAfter([...runs, anchor()])).toBe('blocked');
  });

  it("only blocks it where no other release's was green, as it may be the host's", () => {
    expect(wordAfter(nights(['2026-11-19', '2026-11-20', today]))).toBe('blocked');
  });
});
