import { z } from 'zod';
import { kataPieces } from '../domain/kata.ts';
import type { ScenarioId } from '../domain/scenario.ts';
import { parts, type StackId, stacks } from '../domain/stack.ts';
import type { LoadedScenario, Scenario } from '../scenario.ts';
import { complaintsOf } from './complaint.ts';
import type { Checked } from './load-distros.ts';
import { defaults, sourceName } from './plain-scenario.ts';

const stackIds: readonly StackId[] = stacks.map(({ id }) => id);

const ScenarioModule = z.strictObject({
  title: z.string().trim().min(1),
  on: z.union([z.array(z.enum(stackIds)).min(1), z.literal('kata')]),
  needs: z
    .strictObject({
      parts: z.array(z.enum(parts)).exactOptional(),
      devices: z
        .array(z.string().startsWith('/dev/', { error: 'must be a device: /dev/kvm' }))
        .exactOptional(),
      network: z.boolean().exactOptional(),
      kata: z.array(z.enum(kataPieces)).exactOptional(),
      kernel: z.boolean().exactOptional(),
      bare: z.boolean().exactOptional(),
    })
    .default(defaults.needs),
  restsOn: z.array(z.string()).default([...defaults.restsOn]),
  machine: z.enum(['clone', 'cold']).default(defaults.machine),
  stepSeconds: z.number().positive().default(defaults.stepSeconds),
  takes: z
    .array(z.string().regex(sourceName, { error: 'must be small letters, digits and -: qemu' }))
    .min(1)
    .exactOptional(),
  run: z.custom<Scenario['run']>((value) => typeof value === 'function', {
    error: 'must be a function: async run(t) { … }',
  }),
});

/** Checks what a scenario's file exports by default, and fills in what it leaves out. */
export function checkScenario(file: string, id: ScenarioId, exported: unknown): Checked<LoadedScenario> {
  if (exported === undefined) {
    const message = 'exports no scenario: end it with export default { … } satisfies Scenario';
    return { values: [], complaints: [`${file}: ${message}`] };
  }

  const result = ScenarioModule.safeParse(exported);
  if (!result.success) {
    const complaints = complaintsOf(result.error, ScenarioModule, exported);
    return { values: [], complaints: complaints.map(({ message }) => `${file}: ${message}`) };
  }

  // Whether the controls exist is checked once all scenarios are known.
  const restsOn = result.data.restsOn as ScenarioId[];
  return { values: [{ ...result.data, id, restsOn }], complaints: [] };
}
