import type { CellId } from '../../../src/domain/cell.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import type { Finding, Trial } from '../../../src/domain/finding.ts';
import { entriesLike } from './run-like.ts';

type Story = Parameters<typeof entriesLike>[0];

/** What there is to be said of one cell of a run, beside its outcome. */
interface Diagnosis {
  readonly cell: CellId;
  readonly trials?: readonly Trial[];
  readonly finding?: Finding;
  readonly facts?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
}

/** The finding that a swap gives of the old virtiofsd in debian-12. */
export const oldVirtiofsd: Finding = {
  component: 'distro-virtiofsd',
  provenance: 'qemu-system-common 1:7.2+dfsg-7',
  mender: "debian-12's maintainers of qemu-system-common",
  class: 'virtiofsd-generation',
  confidence: 'swap',
  because: ['it ended at once', 'with the virtiofsd of Kata in its place it was green'],
  evidence: [],
  versions: { kata: '4.1.0' },
};

export const nobody: Finding = {
  component: 'unknown',
  because: ['no swap turned it green'],
  evidence: [],
  versions: {},
};

/** The three trials that let a swap count: green with the part replaced, red again without. */
export const swapTrials: readonly Trial[] = [
  {
    experiment: { kind: 'swap', part: 'virtiofsd', by: 'the virtiofsd of Kata 4.1.0' },
    outcome: { status: 'passed' },
    ms: 10,
  },
  { experiment: { kind: 'again' }, outcome: { status: 'failed', message: 'invalid argument' }, ms: 10 },
];

/** The journal of a run that went like this, with what was found of one cell. */
export function diagnosedEntries(story: Story, diagnosis: Diagnosis): readonly Entry[] {
  const { cell, trials = [], finding, facts = {}, files = [] } = diagnosis;
  const entries = entriesLike(story);
  const at = entries[0]?.at ?? '';
  const more: readonly Entry[] = [
    ...Object.entries(facts).map(([key, value]): Entry => ({ at, type: 'fact', subject: cell, key, value })),
    ...files.map((path): Entry => ({ at, type: 'file', cell, path })),
    ...trials.map((trial): Entry => ({ at, type: 'experiment-ended', cell, trial })),
    ...(finding ? [{ at, type: 'finding-made', cell, finding } as const] : []),
  ];
  return [...entries.slice(0, -1), ...more, ...entries.slice(-1)];
}
