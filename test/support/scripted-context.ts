import { cellOf } from '../../src/domain/cell.ts';
import type { ScenarioId } from '../../src/domain/scenario.ts';
import type { StackId } from '../../src/domain/stack.ts';
import { Skip } from '../../src/run/run-scenario.ts';
import type { ScenarioContext } from '../../src/scenario.ts';
import { distroLike } from './domain.ts';

/** What a scenario did and said, in order. */
export interface Doings {
  /** Each with what it is: `control a container without a VM`. */
  readonly steps: string[];
  readonly failed: string[];
  readonly scripts: string[];
  readonly facts: Map<string, string | number>;
  readonly degraded: string[];
}

/**
 * A scenario's context with no machine behind it: `answer` is what a script prints. Values in a script stand in it as
 * they are; where it throws, the script failed.
 */
export function scriptedContext(
  scenario: ScenarioId,
  stack: StackId,
  answer: (script: string) => string,
): { readonly t: ScenarioContext; readonly doings: Doings } {
  const doings: Doings = { steps: [], failed: [], scripts: [], facts: new Map(), degraded: [] };
  const $ = (strings: TemplateStringsArray, ...values: readonly unknown[]): object => {
    const script = String.raw({ raw: strings.raw }, ...values);
    doings.scripts.push(script);
    const ended = (async () => ({ stdout: answer(script), stderr: '', exitCode: 0 }))();
    // Whoever asks for its text alone never looks at this one.
    ended.catch(() => {});
    const output = Object.assign(ended, {
      quiet: () => output,
      nothrow: () => output,
      text: async () => (await ended).stdout,
    });
    return output;
  };
  const step: ScenarioContext['step'] = async (title, body) => {
    doings.steps.push(title);
    try {
      return await body();
    } catch (error) {
      doings.failed.push(title);
      throw error;
    }
  };

  const t = {
    guest: { $, push: async () => {}, pull: async () => {} },
    cell: cellOf('debian-13', stack, scenario),
    distro: distroLike(),
    signal: new AbortController().signal,
    factor: 1,
    step,
    control: (title: string, body: () => PromiseLike<unknown>) => step(`control ${title}`, body),
    fact: async (key: string, value: string | number) => void doings.facts.set(key, value),
    degrade: (reason: string) => void doings.degraded.push(reason),
    skip: (reason: string) => {
      throw new Skip(reason);
    },
  } as unknown as ScenarioContext;
  return { t, doings };
}
