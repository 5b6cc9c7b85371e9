import { createHash } from 'node:crypto';
import { durationsOf } from '../domain/durations.ts';
import type { Plan } from '../domain/plan.ts';
import type { Shard, ShardName } from '../domain/shard.ts';
import { type Split, split } from '../domain/split.ts';
import { UserError } from '../errors.ts';
import { readChronicle } from '../publish/chronicle-store.ts';
import { type ShardChoice, shardWord } from './add-shard.ts';
import type { Context } from './context.ts';
import { publishedFolder } from './folders.ts';
import { inputsOf } from './inputs.ts';
import { loadHistory } from './load-history.ts';
import type { Planned } from './planned.ts';
import { factsOf } from './run-started.ts';

/** A plan that was split, and what tells it from every other. */
export interface PlanSplit extends Split {
  readonly digest: string;
}

/**
 * Splits a plan by what is known of durations: runs below `out` that have ended and are no shards themselves, and what is published. All
 * shards have to see the same of both to come to the same split; its digest says whether they did.
 */
export async function splitOf(
  context: Pick<Context, 'root' | 'cwd'>,
  planned: Pick<Planned, 'plan' | 'distros' | 'scenarioFolders'>,
  of: number,
  out: string,
): Promise<PlanSplit> {
  const history = await loadHistory(out, '', (run) => run.part === undefined && run.endedAt !== undefined);
  const chronicle = await readChronicle(await publishedFolder(context, undefined));
  const whole = split(planned.plan, of, durationsOf(history, chronicle));
  const inputs = await inputsOf(planned.distros, planned.scenarioFolders);
  return { ...whole, digest: digestOf(planned.plan, whole, inputs) };
}

/** The part that was asked for, as a plan of its own. Throws a UserError (exit 3) where the whole is not the one meant. */
export async function shardOf(
  context: Pick<Context, 'root' | 'cwd'>,
  whole: Planned,
  { shard, out }: ShardChoice & { readonly out: string },
): Promise<{ readonly planned: Planned; readonly part?: Shard }> {
  if (!shard) {
    return { planned: whole };
  }
  const { parts, digest } = await splitOf(context, whole, shard.of, out);
  const { index, of }: ShardName = shard;
  if (shard.split !== undefined && shard.split !== digest) {
    throw new UserError(
      `cannot run --shard ${shardWord(shard)}: here the plan is split as ${digest}; releases, scenarios, Kata, providers, the published history and the runs below ${out} must be the same for all shards`,
      { exitCode: 3 },
    );
  }

  const { plan } = parts[index - 1] ?? { plan: { batches: [], skipped: [] } };
  const releases = new Set([
    ...plan.batches.map(({ distro }) => distro),
    ...plan.skipped.map(({ cell }) => cell.distro),
  ]);
  const distros = whole.distros.filter(({ id }) => releases.has(id));
  const part = { index, of, split: digest, plan: whole.plan, distros: whole.distros.map(factsOf) };
  return { planned: { ...whole, plan, distros }, part };
}

/** Not of why something is skipped, nor of Kata: what it is, is known once it is had, and compared at the merge. */
function digestOf(
  { batches, skipped }: Plan,
  { parts }: Split,
  inputs: Readonly<Record<string, string>>,
): string {
  const cellsOf = (plan: Plan) => plan.batches.flatMap(({ cells }) => cells.map(({ id }) => id));
  const whole = {
    batches,
    skipped: skipped.map(({ cell }) => cell.id),
    parts: parts.map(({ plan }) => cellsOf(plan)),
    inputs,
  };
  return createHash('sha256').update(JSON.stringify(whole)).digest('hex').slice(0, 12);
}
