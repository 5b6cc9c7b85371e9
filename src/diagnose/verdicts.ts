import type { Trial } from '../domain/finding.ts';
import type { Case, Next } from './case.ts';
import type { Known } from './known.ts';
import { found } from './make-finding.ts';
import { namedBy } from './named-by.ts';
import { isReasonOf, type RedFacility } from './red-facilities.ts';
import { swapsIn } from './swaps.ts';

/** What the machine's facilities decide; undefined: nothing. */
export function ofFacilities(one: Case, kind: Known, red: readonly RedFacility[]): Next | undefined {
  const green = red.filter(({ mended }) => mended === 'green');
  const [first, second] = green;
  if (second) {
    const names = green.map(({ facility }) => facility.id).join(' and ');
    const because = [`either of ${names} put right turns it green: an interaction`];
    return found(one, kind, { component: 'unknown', because });
  }
  if (first) {
    const because = [
      ...saidBy(first),
      'put right, the cell is green on a fresh clone; without that, it is red again',
    ];
    return found(one, kind, {
      component: first.component,
      confidence: 'swap',
      because,
      class: classBy(kind, first),
    });
  }
  if (red.some(({ mended }) => mended === 'once')) {
    return found(one, kind, {
      component: 'unknown',
      because: ['tried again with nothing changed, it is green: it comes and goes'],
    });
  }

  const left = red.filter(({ explains, mended }) => explains && mended !== 'red');
  const [likeliest] = left;
  if (!likeliest) {
    return undefined;
  }
  const because = left.flatMap(saidBy);
  if (left.some(({ component }) => component !== likeliest.component)) {
    return found(one, kind, {
      component: 'unknown',
      because: [...because, 'they are not of one and the same'],
    });
  }
  return found(one, kind, {
    component: likeliest.component,
    confidence: 'table',
    because,
    class: classBy(kind, likeliest),
  });
}

/** What swaps decide; undefined: none turned it green. */
export function ofSwaps(one: Case, kind: Known, trials: readonly Trial[]): Next | undefined {
  const swaps = swapsIn(trials);
  if (swaps.some(({ came }) => came === 'once')) {
    return found(one, kind, {
      component: 'unknown',
      because: ['tried again with nothing changed, it is green: it comes and goes'],
    });
  }
  const red = swaps.filter(({ came }) => came === 'red').map(({ by }) => `with ${by} it is red as well`);
  const green = swaps.filter(({ came }) => came === 'green');
  const [first, second] = green;
  if (!first) {
    return undefined;
  }
  const told = green.map(({ by }) => `with ${by} alone it is green on a fresh clone; without, red again`);
  if (second) {
    const because = [...red, ...told, 'two different swaps turn it green: an interaction'];
    return found(one, kind, { component: 'unknown', because });
  }
  const [component, why] = namedBy(first, one, kind, swaps);
  return found(one, kind, { component, confidence: 'swap', because: [...red, ...told, why] });
}

const saidBy = ({ facility, said }: RedFacility) => [`${facility.title}, tried by use: ${said}`];

/** A symptom's class gives way to that of its reason; no module is missing where it is the node that is wrong. */
function classBy({ row }: Known, { facility, said }: RedFacility): string {
  if (!row || row.symptom || !isReasonOf(facility, row)) {
    return facility.class;
  }
  const isNode = row.id === 'host-device' && !said.includes('no module');
  return row.blame !== 'unknown' || isNode ? row.id : facility.class;
}
