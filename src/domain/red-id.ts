import type { Red, RedId } from './chronicle.ts';
import { withoutFigures } from './text.ts';

/** The id of what a red said. Figures aside: times and process ids in a message don't make it another every night. */
export function redIdOf({ message, step, phase, by, class: kind, finding, known }: Red): RedId {
  const { component, class: found, confidence, provenance } = finding ?? {};
  const parts = [withoutFigures(message), step, phase, by, kind, component, found, confidence, provenance];
  return digestOf(JSON.stringify([...parts, ...(known ?? [])]));
}

/** 53 bits of a text (cyrb53, public domain), in letters and digits: enough to tell apart what a farm ever says. */
export function digestOf(text: string): string {
  let [low, high] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 2_654_435_761);
    high = Math.imul(high ^ unit, 1_597_334_677);
  }
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  const bits = 2 ** 32 * (high & (2 ** 21 - 1)) + (low >>> 0);
  return bits.toString(36).padStart(11, '0');
}
