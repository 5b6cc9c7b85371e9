import { join, relative } from 'node:path';
import type { Artifact } from '../../report/report.ts';
import type { Context } from '../context.ts';
import { addToStepSummary } from './step-summary.ts';
import { disarmed, disarmedJson } from './workflow-command.ts';

/** Stdout for what a guest may have had a hand in: in GitHub Actions none of it is taken for a command. */
export interface Shown {
  readonly out: (text: string) => void;
  /** For lines of JSON, which mean the same afterwards. */
  readonly json: (line: string) => void;
}

export function shownIn({ env, out }: Pick<Context, 'env' | 'out'>): Shown {
  return isActions(env)
    ? { out: (text) => out(disarmed(text)), json: (line) => out(disarmedJson(line)) }
    : { out, json: out };
}

/** Whether this is a step of GitHub Actions. */
export function isActions(env: Context['env']): boolean {
  return env['GITHUB_ACTIONS'] === 'true';
}

/** In GitHub Actions, puts a run's summary on the step's page. What goes wrong with that is said, and no more. */
export async function summarizeStep(
  { env, err, cwd }: Pick<Context, 'env' | 'err' | 'cwd'>,
  artifacts: readonly Artifact[],
  folder: string,
): Promise<void> {
  const summary = artifacts.find(({ path }) => /^(summary|differences)\.md$/.test(path));
  if (!summary || !isActions(env)) {
    return;
  }
  const trouble = await addToStepSummary(env, summary.text, join(relative(cwd, folder), summary.path));
  if (trouble) {
    err(`katafarm: ${trouble}\n`);
  }
}
