import { fileURLToPath } from 'node:url';
import type { ScenarioContext } from '../../src/scenario.ts';
import { FarmError } from './farm-error.ts';

/** A shell file of this folder, without its ending. */
export type Library =
  | 'machine'
  | 'nested'
  | 'nested-init'
  | 'virtiofsd'
  | 'image'
  | 'kata'
  | 'pods'
  | 'cni-plugin'
  | 'engines'
  | 'replay'
  | 'clh-api'
  | 'kata-class'
  | 'sandbox'
  | 'network'
  | 'lifecycle'
  | 'parallel'
  | 'guest'
  | 'logs'
  | 'mapping'
  | 'mapping-inside'
  | 'mapping-inside-mounts'
  | 'mapping-calls'
  | 'mapping-vf'
  | 'mapping-selinux'
  | 'build';

/**
 * A folder in the machine for this scenario alone, with machine.sh and the other libraries in it; its path.
 * Not under /run, /tmp or /dev/shm: those are memory, and may refuse to execute.
 * Throws a FarmError where an instrument (a command that the farm brings) is missing.
 */
export async function workplace(
  t: Pick<ScenarioContext, 'guest' | 'cell'>,
  libraries: readonly Library[] = [],
  instruments: readonly string[] = ['busybox'],
): Promise<string> {
  const { $, push } = t.guest;
  const folder = `/var/tmp/katafarm/${t.cell.scenario}`;

  const missing = await $`mkdir -p ${folder}
    for instrument in ${instruments}; do
      command -v "$instrument" >/dev/null || printf '%s ' "$instrument"
    done`.text();
  if (missing.trim()) {
    throw new FarmError(`cannot find the farm's instruments in the machine: ${missing.trim()}`);
  }

  for (const library of ['machine', ...libraries]) {
    await push(fileURLToPath(new URL(`./${library}.sh`, import.meta.url)), `${folder}/${library}.sh`);
  }
  return folder;
}
