import type { DistroFacts } from './entry.ts';
import type { Evidence } from './evidence.ts';
import { foldEvidence, mergeEvidence } from './fold.ts';
import { type IssueState, issuesIn } from './issue-state.ts';
import { evidenceOf } from './observe.ts';
import { policy as current, type Policy } from './policy.ts';
import type { Facts } from './result.ts';
import type { Run } from './run.ts';
import { isAside } from './scenario.ts';
import { stackOf } from './stack.ts';
import { bestOf, type Support } from './support.ts';
import { supportOf } from './support-of.ts';
import { versionsOf } from './versions.ts';

/** Every published word as of a day, with what it rests on. */
export interface Matrix {
  /** The policy's version. */
  readonly policy: number;
  /** ISO date. */
  readonly asOf: string;
  readonly releases: readonly ReleaseSupport[];
  /** Known issues of the cells that counted, and how they stand; missing: there is none. */
  readonly issues?: readonly IssueState[];
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
    const law = { all, policy, today, rolling: distro.rolling };
    const stacks = policy.stacks.map((rule) => supportOf(distro, rule, own, law));
    const headline = bestOf(stacks.filter(({ stack }) => stackOf(stack).parts.length > 0));
    if (!headline) {
      throw new TypeError("a policy names at least one stack of the distro's own parts");
    }
    return { distro, headline, stacks, versions: versionsOf(own) };
  });

  const issues = issuesIn(evidence, policy, today);
  return { policy: policy.version, asOf: today, releases, ...(issues.length > 0 && { issues }), evidence };
}

/** Every release of whose support something was observed, as the newest run that knows it describes it. */
function distrosOf({ runs, observations }: Evidence): readonly DistroFacts[] {
  const told = observations.filter(({ cell }) => !isAside({ id: cell.scenario }));
  const seen = new Set(told.map(({ cell }) => cell.distro));
  const facts = new Map(runs.flatMap(({ distros }) => distros).map((distro) => [distro.id, distro]));
  return [...seen].toSorted().map((id) => facts.get(id) ?? { id, title: id, rolling: false, notes: [] });
}
