import type { Note } from '../domain/entry.ts';
import type { Plan } from '../domain/plan.ts';
import { isMeant } from '../domain/scenario.ts';
import { loadKnownIssues } from '../load/load-known-issues.ts';
import type { Context } from './context.ts';
import { knownIssueFolders, type OwnFolders } from './folders.ts';

/**
 * A run's opening, with the known issues that are about a cell of it: the journal has all that a report needs. Throws a
 * UserError for a file that is wrong.
 */
export async function withKnownIssues(
  context: Pick<Context, 'cwd' | 'root'>,
  opening: Note,
  { batches }: Plan,
  own: Omit<OwnFolders, 'scenarios'>,
): Promise<Note> {
  const cells = batches.flatMap((batch) => batch.cells);
  const known = await loadKnownIssues(knownIssueFolders(context, own));
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
