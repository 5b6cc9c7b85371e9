import { Command } from 'commander';
import type { CellId } from '../domain/cell.ts';
import { greensBefore, kataOf } from '../domain/greens.ts';
import type { Run } from '../domain/run.ts';
import { oneLine } from '../domain/text.ts';
import { meaningOf, shadeOf, type Try } from '../domain/truth-table.ts';
import { UserError } from '../errors.ts';
import { kataTitle } from '../report/kata-words.ts';
import { truthTableText } from '../report/truth-table.ts';
import { reasonOf } from '../report/words.ts';
import { type AnswerOptions, addReruns } from './add-reruns.ts';
import type { Context, Verb } from './context.ts';
import { jsonOf } from './explain.ts';
import { findCell } from './find-cell.ts';
import { investigationOf, type Plan } from './investigation.ts';
import { carryRerun } from './rerun.ts';

type InvestigateOptions = AnswerOptions & { readonly run?: string };

/** What is looked into. */
interface Red {
  readonly cell: CellId;
  readonly run: string;
  /** Which Kata it had, where it is about one. */
  readonly kata?: string;
}

/** So many earlier runs of a cell are looked at. */
const mostRuns = 200;

const examples = `
Examples:
  katafarm investigate debian-12/qemu/kata.uname --dry-run         what would be run, and what is not to be had any more
  katafarm investigate debian-12/qemu/kata.uname                   of the newest run in which it is red
  katafarm investigate debian-12/qemu/kata.uname --run 20261121-223803-4f1c

The cell is run again as it was, with the Kata and with the packages it was last green with, one by one and together:
each an ordinary run beside the others. The table says what it follows; it names nobody, which takes more (katafarm explain).
Exit status: 0 the table has an answer, 2 wrong use, 3 nothing came to a verdict.
`;

/** Retries a red cell with what it was last green with: a truth table. */
export const investigate: Verb = (context) =>
  addReruns(new Command('investigate'), context)
    .description('run a red cell again: as it was, with the last good Kata, the last good packages, both')
    .argument('<cell>', 'RELEASE/STACK/SCENARIO')
    .option('--run <run>', 'the run in which it is red: an id or a path; the newest such unless given')
    .addHelpText('after', examples)
    .action(async (id: string, options: InvestigateOptions) => {
      const found = await findCell(context, id, options);
      const { cell, outcome } = found.tested;
      if (outcome?.status !== 'failed') {
        throw new UserError(
          `cannot investigate ${id}: it is not red in ${found.run.id}, but ${outcome?.status ?? 'missing'}; name a run by --run RUN`,
        );
      }
      const runs: Run[] = [];
      for await (const { run } of found.backwards()) {
        if (runs.push(run) >= mostRuns) {
          break;
        }
      }
      const greens = greensBefore(found.run, cell, runs);
      const plans = await investigationOf(context, { run: found.run, cell, greens }, options);
      const build = kataOf(found.run, cell);
      const red = { cell: cell.id, run: found.run.id, ...(build && { kata: kataTitle(build) }) };
      if (options.dryRun) {
        context.out(options.json ? json(red, plans.map(untried)) : planText(red, plans));
        return;
      }
      const tries = await carryOut(context, plans);
      const table = truthTableText({ ...red, because: reasonOf(found.tested) ?? '' }, tries);
      context.out(options.json ? json(red, tries) : table);
      context.exit(tries.some((one) => shadeOf(one) !== 'open') ? 0 : 3);
    });

/** One after the other: where it is green again with nothing changed, the others would say nothing. */
async function carryOut(context: Context, plans: readonly Plan[]): Promise<readonly Try[]> {
  const tries: Try[] = [];
  for (const [index, plan] of plans.entries()) {
    const again = tries.find(({ kind }) => kind === 'again');
    if (again?.run !== undefined && again.outcome?.status === 'passed') {
      tries.push({ ...untried(plan), cannot: 'not tried: it was not red again with nothing changed' });
      continue;
    }
    tries.push(await tryOne(context, plan, `${index + 1} of ${plans.length}`));
  }
  return tries;
}

async function tryOne(context: Context, plan: Plan, which: string): Promise<Try> {
  const { what } = plan;
  if (plan.cannot !== undefined) {
    context.err(`${which}: ${oneLine(`${what}: ${plan.cannot}`)}\n`);
    return untried(plan);
  }
  context.err(`${which}: ${what}: ${plan.rerun.command}\n`);
  try {
    const { run, outcome } = await carryRerun(context, plan.rerun);
    context.err(`${which}: ${what}: ${outcome?.status ?? 'came to no end'}\n`);
    return { ...untried(plan), run: run.id, ...(outcome && { outcome }) };
  } catch (error) {
    if (error instanceof UserError && !context.signal.aborted) {
      return { ...untried(plan), cannot: error.message };
    }
    throw error;
  }
}

function untried({ kind, what, today, cannot }: Plan): Try {
  return { kind, what, ...(today && { today }), ...(cannot !== undefined && { cannot }) };
}

function planText({ cell, run, kata }: Red, plans: readonly Plan[]): string {
  const lines = plans.map(
    (plan) =>
      `  ${oneLine(plan.what)}\n    ${plan.cannot === undefined ? plan.rerun.command : oneLine(plan.cannot)}\n`,
  );
  const withKata = kata === undefined ? '' : ` with Kata ${oneLine(kata)}`;
  return `${cell}, red in ${run}${withKata}, would be run\n${lines.join('')}`;
}

function json(red: Red, tries: readonly Try[]): string {
  return jsonOf({ ...red, tries, meaning: meaningOf(tries) });
}
