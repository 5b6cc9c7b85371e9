import { dateOf } from '../../domain/days.ts';
import type { Basis, Observation } from '../../domain/evidence.ts';
import type { StackId } from '../../domain/stack.ts';
import { isGood, type Support, testedWord, type Word } from '../../domain/support.ts';
import type { CellView } from './cell-view.ts';
import { type Html, html, none } from './html.ts';
import type { View } from './view.ts';

/** A stack, as a column or a headline calls it. */
export const stackTitles: Readonly<Record<StackId, string>> = {
  host: 'the host itself',
  runc: 'plain containers (control)',
  qemu: 'own QEMU',
  'qemu+distro-kernel': 'own QEMU, own kernel as guest',
  clh: 'own cloud-hypervisor',
  'clh+distro-kernel': 'own cloud-hypervisor, own kernel as guest',
  firecracker: 'own Firecracker',
  'qemu.upstream': "Kata's QEMU",
  'clh.upstream': "Kata's cloud-hypervisor",
  dragonball: "Kata's built-in VMM",
};

/** Whose VMM, and whose kernel a guest boots. */
export const stackParts: Readonly<Partial<Record<StackId, readonly [vmm: string, kernel: string]>>> = {
  qemu: ['qemu', 'kata'],
  'qemu+distro-kernel': ['qemu', 'own'],
  clh: ['cloud-hypervisor', 'kata'],
  'clh+distro-kernel': ['cloud-hypervisor', 'own'],
  firecracker: ['firecracker', 'kata'],
};

const basisWords: Readonly<Record<Basis, string>> = {
  'kvm-nested': 'KVM, nested',
  kvm: 'KVM',
  'tcg+svm': 'emulated CPU',
  none: 'no nested guest',
  userspace: 'container only',
};

/** A basis, as a reader calls it: `emulated CPU`. */
export function basisText(basis: Basis): string {
  return basisWords[basis];
}

/** What `capable` is, in one sentence. */
export const capableSentence =
  "capable is a real verdict on the distribution's own VMM and kernel: everything that Kata asks of them works; Kata itself has not yet been run there.";

/** A word's class: shape and colour go by it. */
export function wordClass(word: Word, isPast = false): string {
  return `word ${word}${isPast ? ' past' : ''}`;
}

/** The word as a mark, without a link. */
export function wordMark({ word, printed, support }: Pick<CellView, 'word' | 'printed' | 'support'>): Html {
  return html`<span class="${wordClass(word, support.word === 'eol')}">${printed}</span>`;
}

/** A day as a machine and a person read it; the script says how long ago that is, and lets it fade; `from` is by which day that goes. */
export function dayMark(day: string | undefined, age?: string, from = day): Html {
  if (day === undefined) {
    return none;
  }
  const begin = age && from && dateOf(from) !== dateOf(day) ? html` data-from="${dateOf(from)}"` : none;
  return html`<time datetime="${dateOf(day)}"${age ? html` data-age="${age}"` : none}${begin}>${dateOf(day)}</time>`;
}

/** By which day a word ages: a good one by the oldest of its cells, another by the cell that decided it. */
export function agesFrom(support: Support, deciding?: Observation): string | undefined {
  return isGood(testedWord(support)) ? support.oldest : deciding?.at;
}

/** By which age, in days, a verdict fades: for the page's script. */
export function fadeOf(rolling: boolean, { policy }: Pick<View, 'policy'>): string {
  const { fresh, ageing } = policy.freshness[rolling ? 'rolling' : 'stable'];
  return `${fresh},${ageing}`;
}
