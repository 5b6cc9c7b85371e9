import type { ScenarioContext } from '../../src/scenario.ts';

/** The number of a version in what a program says of itself: `QEMU emulator version 10.0.2 (Debian …)` is `10.0.2`. */
export function versionIn(text: string): string {
  return /\d+\.\d+[\w.+~-]*/.exec(text)?.[0] ?? 'unknown';
}

/** Records pairs (`pairsIn`) as facts. A `*.version` may be all that the program printed: its number is recorded. */
export async function record(
  t: Pick<ScenarioContext, 'fact'>,
  pairs: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [key, value] of Object.entries(pairs)) {
    await t.fact(key, key.endsWith('.version') ? versionIn(value) : value);
  }
}
