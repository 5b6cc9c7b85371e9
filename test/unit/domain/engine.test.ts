import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { engines } from '../../../src/domain/engine.ts';
import { isMeant } from '../../../src/domain/scenario.ts';
import { engineParts } from '../../../src/domain/stack.ts';
import { loadScenarios } from '../../../src/load/load-scenarios.ts';

const scenarios = await loadScenarios([resolve(join(import.meta.dirname, '../../../scenarios'))]);

it.each(engines)('$name has scenarios, or it is said why not', ({ scenarios: tried, untried, part }) => {
  const met = tried.map((glob) => scenarios.filter(({ id }) => isMeant(id, glob)));

  expect(met.every((found) => found.length > 0)).toBe(true);
  expect(tried.length > 0).toBe(untried === undefined);
  if (part && engineParts.some((one) => one === part)) {
    expect(met.flat().every(({ needs }) => needs.parts?.includes(part))).toBe(true);
  }
});

it('every engine that a release may package is listed', () => {
  expect(engines.map(({ part }) => part)).toEqual(expect.arrayContaining([...engineParts]));
});
