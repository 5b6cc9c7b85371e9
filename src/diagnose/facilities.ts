import type { Reading } from '../domain/finding.ts';
import { deviceFacilities } from './facilities-devices.ts';
import { engineFacilities } from './facilities-engine.ts';
import { roomFacilities } from './facilities-host.ts';
import { kernelFacilities } from './facilities-kernel.ts';
import { type Facility, readingsOf, scriptOf } from './facility.ts';

/** What Kata uses of a machine, each tried by use; the first that is red and explains a failure takes the blame. */
export const facilities: readonly Facility[] = [
  ...roomFacilities,
  ...deviceFacilities,
  ...kernelFacilities,
  ...engineFacilities,
];

/** One script for `sh` as root that tries them all. `farmTime`: seconds since 1970, what the machine's clock should say. */
export function facilitiesScript(farmTime?: number): string {
  return scriptOf(facilities, farmTime);
}

/** What such a script printed, whatever else a machine says. */
export function readingsIn(output: string): readonly Reading[] {
  return readingsOf(facilities, output);
}

/** Puts a facility right, as a script; undefined: there is no way to. */
export function mendingOf(id: string): string | undefined {
  return facilities.find((facility) => facility.id === id)?.mend;
}
