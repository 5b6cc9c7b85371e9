import { createHash } from 'node:crypto';
import type { Distro } from '../domain/distro.ts';
import type { LoadedScenario } from '../scenario.ts';

type Inputs = Readonly<Record<string, string>>;

/** A digest of each release and of each scenario's own text, by its id. What a scenario imports is not in it. */
export function inputsOf(distros: readonly Distro[], scenarios: readonly LoadedScenario[]): Inputs {
  return Object.fromEntries([
    ...distros.map((distro) => [distro.id, digestOf(JSON.stringify(distro))]),
    ...scenarios.map(({ run, ...spec }) => [spec.id, digestOf(JSON.stringify(spec) + run.toString())]),
  ]);
}

/** What is not as it was, by its id; what was not there then, or is not now, cannot be compared. */
export function changedInputs(before: Inputs, now: Inputs): readonly string[] {
  return Object.keys(before).filter((id) => now[id] !== undefined && now[id] !== before[id]);
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
