import { dateOf, daysBetween } from './days.ts';
import type { DistroFacts } from './entry.ts';
import { type Evidence, type Observation, rankOf } from './evidence.ts';
import { type Bench, judge, type Law, type Verdict } from './judge.ts';
import { outdatedIn, packagesIn } from './packages.ts';
import { cellAt, type Place, type StackPolicy } from './policy.ts';
import type { ScenarioId } from './scenario.ts';
import { isGood, type Support, type Word } from './support.ts';
import { versionsOf } from './versions.ts';
import { behindOf, kataWitnesses, witnessOf } from './witness.ts';

/** What is said of a stack on a release, and everything it rests on. `own`: what counts of that release. */
export function supportOf(
  distro: DistroFacts,
  rule: StackPolicy,
  own: readonly Observation[],
  law: Law,
): Support {
  const { all, today } = law;
  const bench = benchOf(distro, rule, own, law);
  const { required, optional } = bench;
  const verdict = judge(bench, law);
  const { word, reason, cell } = verdict;

  const decisive = [...required, ...optional.filter((one) => one.cell === cell)];
  const seen = decisive.flatMap(({ observation }) => observation ?? []);
  const [oldest, ...later] = seen.map(({ at }) => dateOf(at)).toSorted();
  const [basis] = seen
    .filter(({ attempts }) => attempts.length > 0)
    .map((observation) => observation.basis)
    .toSorted((a, b) => rankOf(a) - rankOf(b));
  const outdated = speaks(word) ? outdatedBy(verdict, seen, all) : [];
  const age = ageOf(distro, oldestOf(verdict, seen) ?? oldest, law);

  const common = {
    release: distro.id,
    stack: rule.stack,
    reason,
    ...(cell && { cell }),
    // What a distro doesn't package was never on a machine.
    ...(basis && word !== 'not-packaged' && { basis }),
    ...(oldest && { newest: later.at(-1) ?? oldest, oldest }),
    ...(age && { age }),
    versions: versionsOf(seen),
    behind: [
      ...required.map((one) => behindOf(one, own)),
      ...optional
        .filter(({ observation }) => observation)
        .map((one) => ({ ...behindOf(one, own), optional: true as const })),
    ],
  };

  // A release past its end doesn't change any more, so what was found of it doesn't age.
  if (distro.eol && distro.eol < today) {
    return { ...common, word: 'eol', tested: word };
  }
  const marked = { ...common, ...(outdated.length > 0 && { outdated }) };
  return age === 'stale' && word !== 'unknown'
    ? { ...marked, word: 'unknown', was: word }
    : { ...marked, word };
}

function benchOf(distro: DistroFacts, rule: StackPolicy, own: readonly Observation[], law: Law): Bench {
  const { policy, today } = law;
  const witness = (place: Place) => witnessOf(cellAt(distro.id, place), own, policy, today);
  const ofKata = (ids: readonly ScenarioId[]) => kataWitnesses(rule.stack, ids, policy, witness);
  return {
    stack: rule.stack,
    required: [...rule.required.map(witness), ...ofKata(policy.kata.required)],
    optional: [...rule.optional.map(witness), ...ofKata(policy.kata.optional)],
    kata: policy.kata.required.map((id) => witness(`${rule.stack}/${id}`)),
    cold: witness(policy.supported.cold),
  };
}

/** Whether a word says something of what was tested, so that something newer can outdate it. */
function speaks(word: Word): boolean {
  return word !== 'unknown' && word !== 'not-packaged' && word !== 'eol';
}

/** What the word rests on is older than what is there by now: a red on its own cell, a good word on all of them. */
function outdatedBy(verdict: Verdict, seen: readonly Observation[], { runs, latest = {} }: Evidence) {
  const found = decidedBy(verdict, seen).flatMap(({ cell, run, kata, facts, attempts }) => {
    const had = attempts.length > 0 ? runs.find(({ id }) => id === run)?.packages?.[cell.distro] : {};
    const tested = { ...had, ...packagesIn(facts), ...(kata !== undefined && { Kata: kata }) };
    return outdatedIn(tested, latest[cell.distro] ?? {});
  });
  return [...new Set(found)].toSorted();
}

function decidedBy({ word, cell }: Verdict, seen: readonly Observation[]): readonly Observation[] {
  const red = isGood(word) ? undefined : seen.find((one) => one.cell.id === cell);
  return red ? [red] : seen;
}

/** A red is as old as itself; a good word is as old as the oldest cell that it takes. */
function oldestOf({ word, cell }: Verdict, seen: readonly Observation[]): string | undefined {
  return isGood(word) ? undefined : seen.find((one) => one.cell.id === cell)?.at;
}

function ageOf({ rolling }: DistroFacts, at: string | undefined, { policy, today }: Law): Support['age'] {
  if (!at) {
    return undefined;
  }
  const { fresh, ageing } = policy.freshness[rolling ? 'rolling' : 'stable'];
  const days = daysBetween(at, today);
  if (days <= fresh) {
    return 'fresh';
  }
  return days <= ageing ? 'ageing' : 'stale';
}
