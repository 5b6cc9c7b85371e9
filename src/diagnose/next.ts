import type { Trial } from '../domain/finding.ts';
import type { Case, Diagnose, Next } from './case.ts';
import { erredFinding } from './errored.ts';
import { type Known, known } from './known.ts';
import { found } from './make-finding.ts';
import { isWorthTrying, nextMending, readingsOfTrials, redFacilities } from './red-facilities.ts';
import { nextSwap } from './swaps.ts';
import { ofTable } from './table.ts';
import { ofFacilities, ofSwaps } from './verdicts.ts';

/** At this many hypervisors above a guest, its silence, panic or refused entry says nothing of anybody. */
const tooDeep = 3;
const shakyWhenDeep: ReadonlySet<string> = new Set(['agent-timeout', 'guest-panic', 'nested-virt']);

/**
 * The machine's facilities first, each that is red put right; then one part swapped after the other; then the decision
 * table. `unknown` wherever none of these tells.
 */
export const next: Diagnose = (one, trials) => {
  const readings = readingsOfTrials(trials);
  const kind = known(one, readings ?? []);
  const early = atOnce(one, kind);
  if (early) {
    return early;
  }
  if (readings === undefined && !wereTried(trials) && isWorthTrying(one, known(one))) {
    return { experiments: [{ kind: 'facilities' }] };
  }

  const red = redFacilities(one, kind, trials);
  const mending = nextMending(red, trials);
  if (mending) {
    return { experiments: [mending] };
  }
  const byMachine = ofFacilities(one, kind, red);
  if (byMachine) {
    return byMachine;
  }

  const swap = nextSwap(one, kind, trials);
  if (swap) {
    return { experiments: [swap] };
  }
  return ofSwaps(one, kind, trials) ?? ofTable(one, kind, trials);
};

/** What needs no experiment, or is helped by none. */
function atOnce(one: Case, kind: Known): Next | undefined {
  if (one.outcome.status === 'errored') {
    return erredFinding(one);
  }
  if (kind.row?.id === 'hang') {
    const because = ['a step that never ends, on a machine as quick as ever, tells nothing of who holds it'];
    return found(one, kind, { component: 'unknown', because });
  }
  const isDeep = (one.depth ?? 0) >= tooDeep && one.speed !== 'tcg+svm';
  if (isDeep && kind.row && shakyWhenDeep.has(kind.row.id)) {
    const because = [
      `${one.depth} hypervisors are above the guest: until it is seen at ${tooDeep - 1}, it is theirs`,
    ];
    return found(one, kind, { component: 'farm', confidence: 'table', because });
  }
  return undefined;
}

const wereTried = (trials: readonly Trial[]) =>
  trials.some(({ experiment }) => experiment.kind === 'facilities');
