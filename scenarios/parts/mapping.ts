import assert from 'node:assert/strict';
import type { ScenarioContext } from '../../src/scenario.ts';
import {
  type Answers,
  answersIn,
  asFact,
  astray,
  differencesOf,
  noAnswer,
  toldBeside,
  verdictOn,
} from './differences.ts';
import { between } from './kata.ts';
import { knownOf } from './known-differences.ts';

/** As ctr_run of kata.sh has it. */
export type How = 'runc' | 'kata';

/** One container that is run twice, by the same script. */
export interface Mapping {
  /** Runs the container and everything in it; what it says has the answers. Called by runc first, and then by Kata. */
  readonly script: (how: How) => Promise<string>;
  /** What runc must answer: more than this is compared as well, but may be anything. */
  readonly asked: Answers;
  /** Probes that runc alone may answer: they can't be compared where Kata refuses the container that they are in. */
  readonly within?: Readonly<Record<string, RegExp>>;
}

/**
 * The same container by runc and by Kata, judged by where their answers differ. What runc itself gets wrong is the
 * control's red. Names that the guest has for something of the machine's, and known differences, are facts.
 */
export async function compare(t: ScenarioContext, at: string, mapping: Mapping): Promise<void> {
  const [byRunc, byKata] = await between(t, at, async () => {
    const first = await t.control('the container by runc', async () => {
      const said = await mapping.script('runc');
      const wrong = astray(answersIn(said), mapping.asked);
      assert.ok(
        wrong.length === 0,
        `a container without a VM is not what it should be:\n${wrong.join('\n')}`,
      );
      return said;
    });
    return [first, await t.step('the same container by Kata', () => mapping.script('kata'))] as const;
  });

  const runc = answersIn(byRunc);
  const kata = answersIn(byKata);
  const known = knownOf(t.cell.scenario);
  const differences = differencesOf(comparable(runc, kata, mapping.within), kata, known);

  await t.fact('mapping.probes', Object.keys(runc).length);
  for (const [key, value] of Object.entries(toldBeside(byKata))) {
    await t.fact(key, value);
  }
  for (const difference of differences.filter((one) => one.known)) {
    await t.fact(`different.${difference.probe}`, asFact(difference));
  }
  const met = new Set(differences.map(({ probe }) => probe));
  for (const { probe, source } of known.filter((one) => !met.has(one.probe))) {
    await t.fact(`as-runc.${probe}`, `${kata[probe] ?? noAnswer}: no difference any more (${source})`);
  }

  const verdict = verdictOn(differences, Object.keys(runc).length);
  if (verdict !== undefined) {
    throw Object.assign(new assert.AssertionError({ message: verdict }), { class: 'mapping-differs' });
  }
}

/** runc's answers less those from within a container that Kata refused: the refusal is the one difference. */
function comparable(runc: Answers, kata: Answers, within: Mapping['within'] = {}): Answers {
  const refused = Object.entries(within).filter(([probe]) => kata[probe]?.startsWith('refused'));
  return Object.fromEntries(
    Object.entries(runc).filter(([probe]) => !refused.some(([, pattern]) => pattern.test(probe))),
  );
}
