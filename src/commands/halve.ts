import type { Cell } from '../domain/cell.ts';
import { type Step, type Suspect, stepAfter, type Trial } from '../domain/halving.ts';
import type { Outcome } from '../domain/outcome.ts';
import { oneLine } from '../domain/text.ts';
import { shadeOf } from '../domain/truth-table.ts';
import type { PutBack } from '../install/put-back.ts';
import type { BisectOptions } from './bisect.ts';
import type { Context } from './context.ts';
import { jsonOf } from './explain.ts';
import { carryRerun, type Rerun } from './rerun.ts';

/** Puts halves of what changed back until one is left; each step is a run. */
export async function halve(
  context: Context,
  { id }: Cell,
  suspects: readonly Suspect[],
  rerunWith: (packages: readonly PutBack[]) => Promise<Rerun>,
  { dryRun, json }: BisectOptions,
): Promise<void> {
  const most = Math.ceil(Math.log2(Math.max(1, suspects.length))) + 2;
  context.err(`${suspects.length} groups of packages changed that can be put back: ${most} runs at most\n`);
  const trials: (Trial & { readonly run: string })[] = [];
  let step: Step = stepAfter(suspects, trials);
  while (step.putBack) {
    const tried = step.putBack;
    const packages = tried.flatMap((one) => one.packages);
    const rerun = await rerunWith(packages);
    if (dryRun) {
      context.out(`first, with ${packages.map(wordOf).join(' ')}: ${rerun.command}\n`);
      return;
    }
    context.err(`step ${trials.length + 1}: with ${packages.map(wordOf).join(' ')}\n`);
    const { run, outcome } = await carryRerun(context, rerun);
    const shade = shadeOf({ ...(outcome && { outcome }) });
    context.err(`step ${trials.length + 1}: ${shade === 'open' ? 'no verdict' : shade}${saidBy(outcome)}\n`);
    trials.push({ suspects: tried, shade, run: run.id });
    step = stepAfter(suspects, trials);
  }
  const { ended, left } = step;
  const told = trials.map(({ suspects: tried, shade, run }) => ({
    putBack: tried.flatMap((one) => one.packages.map(wordOf)),
    shade,
    run,
  }));
  const lines = told.map(({ putBack: words, shade, run }) => `  ${shade}  ${run}  with ${words.join(' ')}`);
  const names = left.map(
    ({ packages, change }) => `  ${packages.map(({ name }) => name).join(' ')}  ${change}`,
  );
  context.out(
    json
      ? jsonOf({ cell: id, trials: told, ended, left })
      : `${[id, ...lines, ended, ...names].join('\n')}\n`,
  );
  context.exit(told.some(({ shade }) => shade !== 'open') ? 0 : 3);
}

/** As `--put-back` takes it. */
export const wordOf = ({ name, version }: PutBack) => (version === undefined ? name : `${name}=${version}`);

/** What a failure said, behind a colon; nothing where there was none. */
export function saidBy(outcome: Outcome | undefined): string {
  return outcome?.status === 'failed' || outcome?.status === 'errored' ? `: ${oneLine(outcome.message)}` : '';
}
