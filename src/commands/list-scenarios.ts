import type { ScenarioSpec } from '../domain/scenario.ts';
import { loadScenarios } from '../load/load-scenarios.ts';
import type { Context } from './context.ts';
import { type OwnFolders, scenarioFolders } from './folders.ts';
import type { Listing } from './listing.ts';

/** Every scenario (ours, and those of folders of one's own), with what the planner knows of it. */
export async function listScenarios(
  own: Omit<OwnFolders, 'distros'>,
  context: Pick<Context, 'root' | 'cwd'>,
): Promise<Listing> {
  const scenarios = await loadScenarios(scenarioFolders(context, own));

  return {
    value: scenarios,
    head: ['scenario', 'title', 'stacks', 'needs', 'rests on'],
    rows: scenarios.map(({ id, title, on, needs, restsOn }) => [
      id,
      title,
      on === 'kata' ? 'every Kata stack' : on.join(', '),
      needsOf(needs),
      restsOn.join(', '),
    ]),
  };
}

function needsOf({ parts = [], devices = [], network }: ScenarioSpec['needs']): string {
  return [...parts, ...devices, ...(network ? ['network'] : [])].join(', ');
}
