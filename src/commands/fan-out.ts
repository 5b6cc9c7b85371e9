import type { Plan } from '../domain/plan.ts';
import type { Context } from './context.ts';
import type { Planned } from './planned.ts';
import { type PlanSplit, splitOf } from './sharded.ts';

/** How many hosts a plan is for. */
export interface FanOutChoice {
  /** So many, or fewer where there is less to do. */
  readonly shards?: number;
  /** As many as it takes for each to be done in so long, in milliseconds. */
  readonly within: number;
}

/** More at once is what few are allowed; who is, says how many. */
const mostUnasked = 20;

/** A split of which no part is empty. */
export async function fanOut(
  context: Pick<Context, 'root' | 'cwd'>,
  planned: Planned,
  { shards, within }: FanOutChoice,
  out: string,
): Promise<PlanSplit> {
  let of = shards ?? 1;
  let now = await splitOf(context, planned, of, out);
  const isLong = () => now.parts.some(({ ms }) => ms > within);
  const isFull = () => now.parts.every(({ plan }) => plan.batches.length > 0);
  let best = now;
  while (shards === undefined && of < mostUnasked && isLong() && isFull()) {
    of += 1;
    now = await splitOf(context, planned, of, out);
    best = longestOf(now) < longestOf(best) ? now : best;
  }
  // Hosts that make the night no shorter are not asked for.
  if (shards === undefined && isLong()) {
    now = best;
    of = best.parts.length;
  }
  while (of > 1 && !isFull()) {
    of = Math.max(1, Math.min(of - 1, now.parts.filter(({ plan }) => plan.batches.length > 0).length));
    now = await splitOf(context, planned, of, out);
  }
  return now;
}

const longestOf = ({ parts }: PlanSplit) => Math.max(...parts.map(({ ms }) => ms));

/** For `strategy.matrix`: one job a shard, with what stands in it and for how many minutes of one machine. */
export function githubMatrix({ parts, digest }: PlanSplit): string {
  const include = parts.map(({ plan, ms }, index) => ({
    shard: `${index + 1}/${parts.length}@${digest}`,
    index: index + 1,
    title: titleOf(plan),
    minutes: Math.max(1, Math.round(ms / 60_000)),
  }));
  return JSON.stringify({ include });
}

/** Releases by their names, as many as a job's title has room for. */
function titleOf({ batches }: Plan): string {
  const releases = [...new Set(batches.map(({ distro }) => distro))];
  const named = releases.slice(0, 4).join(', ');
  return releases.length > 4 ? `${named} and ${releases.length - 4} more` : named;
}
