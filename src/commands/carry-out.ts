import { UserError } from '../errors.ts';
import type { Context } from './context.ts';
import { ensureScript } from './ensure-script.ts';
import { exitOfRun, tellShortfall } from './exit-of-run.ts';
import { perform } from './perform.ts';
import { planText } from './plan-text.ts';
import { beginning, goingOn, type Options } from './sitting.ts';
import { ensureTools } from './tools.ts';
import { toolsOfPlan } from './tools-of-plan.ts';

/** What `katafarm run` does, and how it exits. */
export async function carryOut(context: Context, words: readonly string[], given: Options): Promise<void> {
  const { sitting, options } = await (given.resume === undefined
    ? beginning(context, words, given)
    : goingOn(context, words, given, given.resume));
  const { plan, starved } = sitting.planned;

  if (options.dryRun) {
    context.out(options.json ? `${JSON.stringify(plan)}\n` : planText(plan));
  }
  if (starved.length > 0) {
    throw new UserError(
      `cannot run anything of ${starved.join(', ')}: every such cell is skipped; katafarm plan says why`,
      { exitCode: 3 },
    );
  }
  if (options.dryRun) {
    return;
  }
  await ensureScript(context, '--prepare', options.prepare);
  await ensureScript(context, '--prepare-cold', options.prepareCold);
  await ensureTools(context, { yes: options.yes ?? false, needed: toolsOfPlan(plan) });
  if (sitting.overlay && options.base !== false) {
    const { compareOverlay } = await import('./compare-overlay.ts');
    return await compareOverlay(context, words, sitting, options);
  }
  const finished = await perform(context, sitting, options);
  tellShortfall(context, finished, options);
  context.exit(exitOfRun(finished, options));
}
