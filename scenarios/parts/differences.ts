import type { KnownDifference } from './known-differences.ts';
import { pairsIn } from './pairs.ts';

/** What a runtime's container answered, by probe: `seen.0-0640` → `0:0 640`. */
export type Answers = Readonly<Record<string, string>>;

/** A probe that Kata answers otherwise than runc; `known` where that is no news. */
export interface Difference {
  readonly probe: string;
  readonly runc: string;
  readonly kata: string;
  readonly known?: KnownDifference;
}

/** Stands for an answer that was not given. */
export const noAnswer = '(no answer)';

/** What a script tells beside its answers: names that differ by nature (`mapped.*`), a runtime's own words (`why.*`). */
const beside = /^(mapped|why)\./;

/** The answers in what a script said. */
export function answersIn(text: string): Answers {
  return Object.fromEntries(Object.entries(pairsIn(text)).filter(([key]) => !beside.test(key)));
}

/** What it told beside them. */
export function toldBeside(text: string): Answers {
  return Object.fromEntries(Object.entries(pairsIn(text)).filter(([key]) => beside.test(key)));
}

/** Where the answers differ, in the order of runc's probes and then of those that Kata alone answered. */
export function differencesOf(
  runc: Answers,
  kata: Answers,
  known: readonly KnownDifference[],
): readonly Difference[] {
  const probes = [...new Set([...Object.keys(runc), ...Object.keys(kata)])];
  return probes
    .map((probe) => ({ probe, runc: runc[probe] ?? noAnswer, kata: kata[probe] ?? noAnswer }))
    .filter((difference) => difference.runc !== difference.kata)
    .map((difference) => {
      const entry = known.find((one) => one.probe === difference.probe && one.kata.test(difference.kata));
      return entry ? { ...difference, known: entry } : difference;
    });
}

/** What stands against Kata, in words with both answers to each probe; undefined where all differences are known. */
export function verdictOn(differences: readonly Difference[], probes: number): string | undefined {
  const news = differences.filter(({ known }) => !known);
  if (news.length === 0) {
    return undefined;
  }
  return [
    `Kata answers ${news.length} of ${probes} probes otherwise than runc:`,
    ...news.map(({ probe, runc, kata }) => `${probe}: runc says "${runc}", Kata says "${kata}"`),
  ].join('\n');
}

/** Where runc itself does not answer as it was asked to: then nothing that Kata does can be compared with it. */
export function astray(runc: Answers, expected: Answers): readonly string[] {
  return Object.entries(expected)
    .filter(([probe, answer]) => (runc[probe] ?? noAnswer) !== answer)
    .map(([probe, answer]) => `${probe}: "${answer}" was asked for, runc says "${runc[probe] ?? noAnswer}"`);
}

/** A known difference as a fact: both answers, whether Kata means it, and where that is said. */
export function asFact({ runc, kata, known }: Difference): string {
  const means = known?.byDesign ? 'by design' : 'a gap';
  return `runc: ${runc}; Kata: ${kata}; ${means}: ${known?.what} (${known?.source})`;
}
