import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenarios } from '../../../src/load/load-scenarios.ts';
import { plainScenario } from '../../../src/load/plain-scenario.ts';
import { checkScenario } from '../../../src/load/scenario-schema.ts';

const id = 'vmm.qemu.boot';
const run = async () => {};
const right = { title: 'boots', on: ['qemu'], run };

/** Right, nearly right and wrong values alike, for any key of a scenario. */
const said = fc.constantFrom<unknown>(
  ...['kata', 'qemu', 'clone', 'cold', 'kernel', '/dev/kvm', '', ' ', 'host.kvm'],
  ...[['qemu'], ['host', 'clh'], ['kernel'], ['/dev/kvm'], ['/proc'], ['host.kvm'], [], [1], ['qemu', null]],
  ...[0, 1, 0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, true, false, null, undefined],
  ...[{}, { parts: ['kernel'] }, { parts: ['moon'] }, { devices: ['/dev/kvm'], network: true }],
  ...[{ devices: ['kvm'] }, { network: undefined }, { constructor: 1 }, run],
);
const keys = ['title', 'on', 'needs', 'restsOn', 'machine', 'stepSeconds', 'run', 'stepsSeconds', 'toString'];

describe('a scenario at first sight', () => {
  it('is taken as the schema would take it, or is left to the schema', () => {
    let taken = 0;

    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), said, { maxKeys: 3 }), (changes) => {
        const exported = { ...right, ...changes };
        const plain = plainScenario(id, exported);
        if (plain) {
          taken += 1;
          expect(checkScenario('boot.ts', id, exported)).toEqual({ values: [plain], complaints: [] });
        }
      }),
      { numRuns: 2_000 },
    );

    expect(taken).toBeGreaterThan(100);
  });

  it.each([undefined, null, [], 'kata', {}, { ...right, run: undefined }, { title: 'boots', on: 'kata' }])(
    'is none in %o',
    (exported) => {
      expect(plainScenario(id, exported)).toBeUndefined();
    },
  );

  it('is enough for every scenario that comes along', async () => {
    const scenarios = await loadScenarios([resolve(import.meta.dirname, '../../../scenarios')]);

    expect(scenarios.filter(({ id, ...exported }) => !plainScenario(id, exported))).toEqual([]);
  });
});
