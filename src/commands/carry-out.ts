import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitCodeOf, unexecuted } from '../domain/exit-code.ts';
import { UserError } from '../errors.ts';
import type { Context } from './context.ts';
import { perform } from './perform.ts';
import { planText } from './plan-text.ts';
import { beginning, goingOn, type Options } from './sitting.ts';
import { ensureTools } from './tools.ts';

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
  await ensureScript(context, options.prepare);
  await ensureTools(context, { yes: options.yes ?? false });
  const finished = await perform(context, sitting, options);
  for (const asked of unexecuted(finished, options)) {
    context.err(`katafarm: no cell of ${asked} came to a verdict\n`);
  }
  context.exit(exitCodeOf(finished, options));
}

async function ensureScript({ cwd }: Context, script: string | undefined): Promise<void> {
  const found = script === undefined || (await stat(resolve(cwd, script)).catch(() => undefined))?.isFile();
  if (!found) {
    throw new UserError(`cannot read --prepare ${script}: it is no file; give a shell script's path`);
  }
}
