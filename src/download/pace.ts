import type { Tell } from '../machine/machine.ts';
import type { Manners } from './manners.ts';
import { TooSlow } from './trouble.ts';

/** Throws a TooSlow where what comes in the time of a server's patience is less than they ask for. */
export function paceOf(host: string, { patience, slowest = 0 }: Manners): (bytes: number) => void {
  let since = performance.now();
  let before: number | undefined;
  return (bytes) => {
    before ??= bytes;
    const seconds = (performance.now() - since) / 1000;
    if (seconds < patience) {
      return;
    }
    if (bytes - before < slowest * seconds) {
      throw new TooSlow(`${host} has sent ${bytes - before} bytes in ${Math.round(seconds)} s`);
    }
    [since, before] = [performance.now(), bytes];
  };
}

/** A line for each tenth of a file that takes its time. */
export function progressOf(name: string, tell: Tell): (bytes: number, all: number | undefined) => void {
  let told = 0;
  return (bytes, all = Number.POSITIVE_INFINITY) => {
    const tenths = Math.floor((10 * bytes) / all);
    if (tenths > told && all > 2 ** 20) {
      told = tenths;
      tell(`fetching ${name}: ${tenths * 10} % of ${Math.round(all / 2 ** 20)} MiB`);
    }
  };
}
