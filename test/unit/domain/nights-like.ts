import fc from 'fast-check';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Run } from '../../../src/domain/run.ts';
import { kataLike } from '../../support/domain.ts';
import { failedTwice, passed, runLike } from './run-like.ts';

export const uname = 'debian-13/qemu/kata.uname';
export const boot = 'debian-13/qemu/vmm.qemu.boot';

export const flaky: readonly Outcome[] = [failedTwice[0], { status: 'passed', flaky: true }];
export const errored: readonly Outcome[] = [{ status: 'errored', phase: 'boot', message: 'no answer' }];

/** How a night went: what came of cells, and what the machine had. */
export interface Told {
  readonly cells: Parameters<typeof runLike>[0]['cells'];
  readonly skipped?: Readonly<Record<string, string>>;
  readonly kata?: string;
  readonly qemu?: string;
  readonly speed?: string;
  readonly image?: string;
}

/** The run of a night in November 2026, by its day. */
export function nightOn(
  day: number,
  { cells, skipped, kata = '4.1.0', qemu = '1.0-1', speed = 'kvm', image = 'd1' }: Told,
  change: Partial<Parameters<typeof runLike>[0]> = {},
): Run {
  return runLike({
    ...{ id: `n${day}`, on: `2026-11-${String(day).padStart(2, '0')}`, speed, cells },
    ...(skipped && { skipped }),
    katas: [kataLike({ version: kata })],
    batchFacts: {
      'image.digest': `sha256:${image}`,
      ...(qemu !== '' && { 'package.qemu-system-x86': qemu }),
    },
    ...change,
  });
}

const stories = [passed, failedTwice, flaky, errored, undefined] as const;
const cellIds = [
  uname,
  boot,
  'debian-13/host/host.boot',
  'debian-12/qemu/kata.uname',
  'debian-12@arm64/qemu/kata.net',
];

/** Some night of a farm; two of the same day are the same run, of which one may have been gone on with. */
export const anyNight: fc.Arbitrary<Run> = fc
  .record({
    day: fc.integer({ min: 1, max: 12 }),
    cells: fc.dictionary(fc.constantFrom(...cellIds), fc.constantFrom(...stories)),
    skipped: fc.constantFrom(
      {},
      { 'debian-13/clh/kata.uname': 'not packaged by this distro: cloud-hypervisor' },
    ),
    kata: fc.constantFrom('4.1.0', '4.2.0'),
    qemu: fc.constantFrom('1.0-1', '1.1-1', ''),
    speed: fc.constantFrom('kvm', 'tcg+svm'),
    image: fc.constantFrom('d1', 'd2'),
    isCut: fc.boolean(),
  })
  .map(({ day, isCut, ...told }) => {
    const { endedAt, ...run } = nightOn(day, told);
    return isCut || endedAt === undefined ? run : { ...run, endedAt };
  });
