import { kataPieces } from '../domain/kata.ts';
import type { Needs, ScenarioId } from '../domain/scenario.ts';
import { parts, stacks } from '../domain/stack.ts';
import type { LoadedScenario, Scenario } from '../scenario.ts';

/** What a scenario says by leaving it out. */
export const defaults = { needs: {}, restsOn: [], machine: 'clone', stepSeconds: 30 } as const;

/** What stands before the equals sign of `--source`. */
export const sourceName = /^[a-z][a-z0-9-]*$/;

/**
 * A scenario that is right at first sight, with its defaults filled in; undefined where the schema has to look closer.
 * Never takes what the schema refuses. It is here because the schema's library is a quarter of a start's time, and
 * nearly every scenario is right.
 */
export function plainScenario(id: ScenarioId, exported: unknown): LoadedScenario | undefined {
  if (!holds(exported, rules) || !['title', 'on', 'run'].every((key) => Object.hasOwn(exported, key))) {
    return undefined;
  }

  const { title, takes, ...rest } = { ...defaults, ...(exported as Scenario) };
  return { title: title.trim(), ...rest, ...(takes && { takes }), id };
}

type Rule = (value: unknown) => boolean;

const isText: Rule = (value) => typeof value === 'string';
const isTrueOrFalse: Rule = (value) => typeof value === 'boolean';
const isSourceName: Rule = (value) => typeof value === 'string' && sourceName.test(value);
const isDevice: Rule = (value) => typeof value === 'string' && value.startsWith('/dev/');
const oneOf =
  (words: readonly unknown[]): Rule =>
  (value) =>
    words.includes(value);
const listOf =
  (rule: Rule): Rule =>
  (value) =>
    Array.isArray(value) && value.every(rule);

const needRules = {
  parts: listOf(oneOf(parts)),
  devices: listOf(isDevice),
  network: isTrueOrFalse,
  kata: listOf(oneOf(kataPieces)),
  kernel: isTrueOrFalse,
  bare: isTrueOrFalse,
} satisfies Record<keyof Needs, Rule>;

const stackIds = stacks.map(({ id }) => id);

const rules = {
  title: (value) => typeof value === 'string' && value.trim() !== '',
  on: (value) => value === 'kata' || (listOf(oneOf(stackIds))(value) && (value as unknown[]).length > 0),
  needs: (value) => holds(value, needRules),
  restsOn: listOf(isText),
  machine: oneOf(['clone', 'cold']),
  stepSeconds: (value) => Number.isFinite(value) && Number(value) > 0,
  takes: (value) => listOf(isSourceName)(value) && (value as unknown[]).length > 0,
  run: (value) => typeof value === 'function',
} satisfies Record<keyof Scenario, Rule>;

/** Whether it has no key without a rule, and none against its rule. */
function holds(value: unknown, rulesOf: Readonly<Record<string, Rule>>): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([key, said]) => Object.hasOwn(rulesOf, key) && rulesOf[key]?.(said))
  );
}
