import { expectationsOf } from '../domain/expect.ts';
import { hasNews } from '../domain/order.ts';
import type { Batch, PlannedCell } from '../domain/plan.ts';
import type { Speed } from '../domain/speed.ts';
import { type Want, weightOf } from './capacity.ts';
import type { Farm } from './farm.ts';

type Past = Pick<Farm, 'history'>;

/** For an image, before anything is known of the host's machines. */
export function imageWant({ history, ranks }: Pick<Farm, 'history' | 'ranks'>, batch: Batch): Want {
  const { ms, restMs } = expectationsOf(batch, history).image;
  const weight = weightOf('image', false);
  return { kind: 'image', lane: batch.id, weight, expectedMs: ms, restMs, rank: ranks.get(batch.id) };
}

/** For the machine that becomes a template. */
export function templateWant({ history }: Past, batch: Batch, speed: Speed): Want {
  const { ms, restMs } = expectationsOf(batch, history, speed.class).template;
  const weight = weightOf('template', speed.accelerator === 'kvm');
  return { kind: 'template', lane: batch.id, weight, expectedMs: ms, restMs };
}

export function proofWant(batch: Batch, { accelerator }: Speed): Want {
  return { kind: 'proof', lane: batch.id, weight: weightOf('proof', accelerator === 'kvm') };
}

/** For a cell's own machine. What is not known to be green on this very image, by its `digest`, goes before its equals. */
export function cellWant(
  { history }: Past,
  batch: Batch,
  cell: PlannedCell,
  speed: Speed,
  {
    boots,
    isCanary,
    digest,
  }: { readonly boots: boolean; readonly isCanary: boolean; readonly digest: string },
): Want {
  const kind = boots ? 'cold' : 'clone';
  const expected = expectationsOf(batch, history, speed.class).cells.get(cell.id);
  return {
    kind,
    lane: batch.id,
    weight: weightOf(kind, speed.accelerator === 'kvm'),
    expectedMs: expected?.ms,
    restMs: expected?.restMs,
    first: isCanary || hasNews(history.verdicts.get(batch.id)?.get(cell.id), digest),
  };
}
