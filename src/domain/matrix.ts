import { dateOf, daysBetween } from './days.ts';
import type { DistroFacts } from './entry.ts';
import { type Evidence, evidenceOf, type Observation, rankOf } from './evidence.ts';
import { byTime, foldEvidence, mergeEvidence } from './fold.ts';
import { judge } from './judge.ts';
import { cellAt, policy as current, type Place, type Policy, type StackPolicy } from './policy.ts';
import type { Facts } from './result.ts';
import type { Run } from './run.ts';
import type { ScenarioId } from './scenario.ts';
import { stackOf } from './stack.ts';
import { bestOf, isGood, type Support } from './support.ts';
import { behindOf, kataWitnesses, witnessOf } from './witness.ts';

/** Every published word as of a day, with what it rests on. */
export interface Matrix {
  /** The policy's version. */
  readonly policy: number;
  /** ISO date. */
  readonly asOf: string;
  readonly releases: readonly ReleaseSupport[];
  /** What counted; publishing the next run adds to it. */
  readonly evidence: Evidence;
}

export interface ReleaseSupport {
  readonly distro: DistroFacts;
  /** The best word of the stacks whose VMM and virtiofsd are the distro's. */
  readonly headline: Support;
  readonly stacks: readonly Support[];
  /** Kernel and package versions, and digests of the binaries that ran: the newest that were seen. */
  readonly versions: Facts;
}

export interface MatrixOptions {
  /** ISO date that ages are counted to. */
  readonly today: string;
  /** Evidence beside the runs: what was published before. */
  readonly earlier?: Evidence | undefined;
  readonly policy?: Policy;
}

/** Says of every release and stack what the runs show, by policy. The order of the runs changes nothing. */
export function matrixOf(runs: readonly Run[], options: MatrixOptions): Matrix {
  const { today, earlier, policy = current } = options;
  const all = mergeEvidence([...(earlier ? [earlier] : []), ...runs.map(evidenceOf)], policy);
  const evidence = foldEvidence(all, policy);

  const releases = distrosOf(evidence).map((distro): ReleaseSupport => {
    const own = evidence.observations.filter(({ cell }) => cell.distro === distro.id);
    const stacks = policy.stacks.map((rule) => supportOf(distro, rule, own, { all, policy, today }));
    const headline = bestOf(stacks.filter(({ stack }) => stackOf(stack).parts.length > 0));
    if (!headline) {
      throw new TypeError("a policy names at least one stack of the distro's own parts");
    }
    return { distro, headline, stacks, versions: versionsOf(own) };
  });

  return { policy: policy.version, asOf: today, releases, evidence };
}

/** The facts that name a version, a package or the digest of a binary. */
export function versionsIn(facts: Facts): Facts {
  const isVersion = (key: string) => key === 'kernel' || /\.(?:version|package|sha256)$/.test(key);
  return Object.fromEntries(Object.entries(facts).filter(([key]) => isVersion(key)));
}

interface Circumstances {
  readonly all: Evidence;
  readonly policy: Policy;
  readonly today: string;
}

function supportOf(
  distro: DistroFacts,
  rule: StackPolicy,
  own: readonly Observation[],
  { all, policy, today }: Circumstances,
): Support {
  const witness = (place: Place) => witnessOf(cellAt(distro.id, place), own, policy, today);
  const ofKata = (ids: readonly ScenarioId[]) => kataWitnesses(rule.stack, ids, policy, witness);
  const required = [...rule.required.map(witness), ...ofKata(policy.kata.required)];
  const optional = [...rule.optional.map(witness), ...ofKata(policy.kata.optional)];
  const { word, reason, cell } = judge(required, optional, all, policy);

  const decisive = [...required, ...optional.filter((one) => one.cell === cell)];
  const seen = decisive.flatMap(({ observation }) => observation ?? []);
  const [oldest, ...later] = seen.map(({ at }) => dateOf(at)).toSorted();
  const [basis] = seen
    .filter(({ attempts }) => attempts.length > 0)
    .map((observation) => observation.basis)
    .toSorted((a, b) => rankOf(a) - rankOf(b));
  // A red is as old as itself; a good word is as old as the oldest cell that it takes.
  const red = isGood(word) ? undefined : seen.find((one) => one.cell.id === cell);
  const age = ageOf(distro, red?.at ?? oldest, policy, today);

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
  return age === 'stale' && word !== 'unknown'
    ? { ...common, word: 'unknown', was: word }
    : { ...common, word };
}

function ageOf(distro: DistroFacts, at: string | undefined, policy: Policy, today: string): Support['age'] {
  if (!at) {
    return undefined;
  }
  const { fresh, ageing } = policy.freshness[distro.rolling ? 'rolling' : 'stable'];
  const days = daysBetween(at, today);
  if (days <= fresh) {
    return 'fresh';
  }
  return days <= ageing ? 'ageing' : 'stale';
}

/** Every release that was observed, as the newest run that knows it describes it. */
function distrosOf({ runs, observations }: Evidence): readonly DistroFacts[] {
  const seen = new Set(observations.map(({ cell }) => cell.distro));
  const facts = new Map(runs.flatMap(({ distros }) => distros).map((distro) => [distro.id, distro]));
  return [...seen].toSorted().map((id) => facts.get(id) ?? { id, title: id, rolling: false, notes: [] });
}

function versionsOf(observations: readonly Observation[]): Facts {
  return Object.assign({}, ...observations.toSorted(byTime).map(({ facts }) => versionsIn(facts)));
}
