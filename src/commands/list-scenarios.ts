import { join, resolve } from 'node:path';
import type { ScenarioSpec } from '../domain/scenario.ts';
import { loadScenarios } from '../load/load-scenarios.ts';
import type { Context } from './context.ts';
import type { Listing } from './listing.ts';

/** Every scenario of these folders (by default ours), with what the planner knows of it. */
export async function listScenarios(
  own: readonly string[] | undefined,
  { root, cwd }: Pick<Context, 'root' | 'cwd'>,
): Promise<Listing> {
  const folders = own?.map((dir) => resolve(cwd, dir)) ?? [join(root, 'scenarios')];
  const scenarios = await loadScenarios(folders);

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
