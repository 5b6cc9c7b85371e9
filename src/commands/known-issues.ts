import { join, resolve } from 'node:path';
import type { Note } from '../domain/entry.ts';
import type { Plan } from '../domain/plan.ts';
import { isMeant } from '../domain/scenario.ts';
import { loadKnownIssues } from '../load/load-known-issues.ts';
import type { Context } from './context.ts';

/** The folder of known issues, beside the releases. */
export function knownIssuesFolder(
  { cwd, root }: Pick<Context, 'cwd' | 'root'>,
  distros: string | undefined,
): string {
  return join(distros ? resolve(cwd, distros) : join(root, 'distros'), 'known-issues');
}

/**
 * A run's opening, with the known issues that are about a cell of it: the journal has all that a report needs. Throws a
 * UserError for a file that is wrong.
 */
export async function withKnownIssues(
  context: Pick<Context, 'cwd' | 'root'>,
  opening: Note,
  { batches }: Plan,
  distros: string | undefined,
): Promise<Note> {
  const cells = batches.flatMap((batch) => batch.cells);
  const known = await loadKnownIssues(knownIssuesFolder(context, distros));
  const knownIssues = known.filter(({ scope: { releases, stacks, scenarios } }) =>
    cells.some(
      ({ distro, stack, scenario }) =>
        releases.some((glob) => isMeant(distro, glob)) &&
        stacks.some((glob) => isMeant(stack, glob)) &&
        scenarios.some((glob) => isMeant(scenario, glob)),
    ),
  );
  return opening.type === 'run-started' && knownIssues.length > 0 ? { ...opening, knownIssues } : opening;
}
