import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Durations, durationsOf } from '../../../src/domain/durations.ts';
import type { Batch, Plan } from '../../../src/domain/plan.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import { type Split, split } from '../../../src/domain/split.ts';
import { batchLike, nothing } from '../domain/batch-like.ts';

/** Durations by the cell's id, a second where nothing is said; so many for what comes before the first cell. */
function taking(cells: Readonly<Record<string, number>>, prepareMs = 0): Durations {
  return { cellMs: ({ id }) => cells[id] ?? 1_000, prepareMs: () => prepareMs };
}

function planOf(...batches: readonly Batch[]): Plan {
  return { batches, skipped: [] };
}

function cellsIn({ plan }: Split['parts'][number]): readonly string[] {
  return plan.batches.flatMap(({ cells }) => cells.map(({ id }) => id));
}

const short = { 'host.boot': [], 'host.kvm': [], 'host.cpu': [] } as const;

describe('a plan that is split', () => {
  it('keeps releases whole where that balances', () => {
    const plan = planOf(
      batchLike('debian-11', short),
      batchLike('debian-12', short),
      batchLike('debian-13', short),
    );

    const { parts, imbalance } = split(plan, 3, taking({}, 60_000));

    expect(parts.map(({ plan: { batches } }) => batches.map(({ distro }) => distro))).toEqual([
      ['debian-11'],
      ['debian-12'],
      ['debian-13'],
    ]);
    expect(imbalance).toBe(0);
  });

  it('takes the longest release apart where that does not, and each part pays for a template of its own', () => {
    const long = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`host.long-${index}`, []]));
    const plan = planOf(batchLike('debian-12', { 'host.kvm': [] }), batchLike('debian-13', long));

    const { parts, imbalance } = split(plan, 2, taking({}, 500));

    expect(imbalance).toBeLessThanOrEqual(0.1);
    expect(parts.map(({ ms }) => ms)).toEqual([11_000, 11_500]);
    expect(parts.flatMap(cellsIn).toSorted()).toEqual(cellsIn({ plan, ms: 0 }).toSorted());
  });

  it('never parts a cell from the control that it rests on, and says how long that makes the longest', () => {
    const heavy: Record<string, readonly ScenarioId[]> = { 'control.runc': [], 'host.kvm': [] };
    for (let index = 0; index < 8; index += 1) {
      heavy[`host.rests-${index}`] = ['control.runc'];
    }
    const plan = planOf(batchLike('debian-13', heavy));

    const { parts, longestMs } = split(plan, 2, taking({}, 5_000));

    expect(parts.map((part) => cellsIn(part).length).toSorted()).toEqual([1, 9]);
    expect(longestMs).toBe(14_000);
  });

  it('leaves parts empty where there is less to do than parts', () => {
    const { parts } = split(planOf(batchLike('debian-13', { 'host.kvm': [] })), 3, taking({}));

    expect(parts.map((part) => cellsIn(part).length).toSorted()).toEqual([0, 0, 1]);
  });

  it('has each skipped cell once, beside what is run of its release', () => {
    const plan: Plan = {
      batches: [batchLike('debian-12', short), batchLike('debian-13', short)],
      skipped: [
        { cell: batchLike('debian-13', { 'host.none': [] }).cells[0], because: 'not packaged' },
        { cell: batchLike('alpine-3.22', { 'host.none': [] }).cells[0], because: 'no image' },
      ].flatMap(({ cell, because }) => (cell ? [{ cell, because }] : [])),
    };

    const { parts } = split(plan, 2, taking({}));

    const homes = parts.map(({ plan: { skipped } }) => skipped.map(({ cell }) => cell.distro));
    expect(homes).toEqual([['alpine-3.22'], ['debian-13']]);
  });

  it('knows of what was never run as much as of the rest, and guesses where nothing is known', () => {
    const batch = batchLike('debian-13', { 'cold host.boot': [], 'host.kvm': [] });
    const guessed = durationsOf(nothing);

    expect(batch.cells.map((cell) => guessed.cellMs(cell, batch))).toEqual([40_000, 10_000]);
    expect(guessed.prepareMs(batch)).toBe(120_000);
  });
});

/** Releases with cells as they really are: controls with a long tail of what rests on them, and cells that stand alone. */
const batches = fc
  .array(
    fc.record({
      alone: fc.array(fc.integer({ min: 3_000, max: 60_000 }), { minLength: 4, maxLength: 12 }),
      clusters: fc.array(fc.array(fc.integer({ min: 3_000, max: 40_000 }), { minLength: 2, maxLength: 8 }), {
        maxLength: 3,
      }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((releases) => {
    const ms: Record<string, number> = {};
    const plan = planOf(
      ...releases.map(({ alone, clusters }, release) => {
        const named: Record<string, readonly ScenarioId[]> = {};
        const note = (name: ScenarioId, restsOn: readonly ScenarioId[], took: number) => {
          named[name] = restsOn;
          ms[`release-${release}/host/${name}`] = took;
        };
        for (const [index, took] of alone.entries()) {
          note(`host.alone-${index}`, [], took);
        }
        for (const [cluster, cells] of clusters.entries()) {
          for (const [index, took] of cells.entries()) {
            note(`host.c-${cluster}-${index}`, index === 0 ? [] : [`host.c-${cluster}-0`], took);
          }
        }
        return batchLike(`release-${release}`, named);
      }),
    );
    return { plan, ms };
  });

describe('whatever the plan', { timeout: 60_000 }, () => {
  it('no cell is twice, none is missing, and each is with the controls that it rests on', () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 1, max: 9 }), ({ plan, ms }, of) => {
        const { parts } = split(plan, of, taking(ms, 60_000));

        expect(parts).toHaveLength(of);
        expect(parts.flatMap(cellsIn).toSorted()).toEqual(cellsIn({ plan, ms: 0 }).toSorted());
        for (const part of parts) {
          const own = new Set(cellsIn(part));
          const grounds = part.plan.batches.flatMap(({ cells }) => cells.flatMap(({ restsOn }) => restsOn));
          expect(grounds.filter((id) => !own.has(id))).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of no more parts than releases, the longest is at most a tenth over the mean, unless one piece that can not be parted is', () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 2, max: 8 }), ({ plan, ms }, of) => {
        fc.pre(of <= plan.batches.length);
        const { parts, longestMs } = split(plan, of, taking(ms, 30_000));

        const loads = parts.map((part) => part.ms);
        const mean = loads.reduce((sum, load) => sum + load, 0) / of;
        expect(Math.max(...loads)).toBeLessThanOrEqual(Math.max(mean * 1.1, longestMs));
      }),
      { numRuns: 60 },
    );
  });

  it('the same plan and durations give the same split', () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 1, max: 6 }), ({ plan, ms }, of) => {
        expect(split(structuredClone(plan), of, taking(ms))).toEqual(split(plan, of, taking(ms)));
      }),
      { numRuns: 10 },
    );
  });
});
