import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { limitedBy } from '../../../machine/limit.ts';
import type { QemuMachine } from '../machine.ts';
import { goDown, tidyUp, whereThingsAre } from './guest-scripts.ts';

/** MiB that have to be free once everything is installed: a scenario unpacks images and starts guests. */
const leastFree = 3_000;
/** On hardware of speed 1: services end. */
const downSeconds = 60;

/**
 * Copies out of a machine what an image has beside its disk, and leaves it as it should be found by clones. Returns the
 * names of the files. Throws where its disk was not grown.
 */
export async function takeOut(
  machine: QemuMachine,
  distro: string,
  folder: string,
  packages: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { status, output } = await machine.ask(whereThingsAre, signal);
  const said = (word: string) => new RegExp(`^${word} (.*)$`, 'm').exec(output)?.[1]?.trim() ?? '';
  const [kernel, busybox, free] = [said('kernel'), said('busybox'), Number(said('free'))];
  if (status !== 0 || kernel === '') {
    throw new Error(`cannot find the kernel that ${distro}'s image has booted: ${output.trim().slice(-300)}`);
  }
  if (!(free >= leastFree)) {
    throw new Error(
      `cannot use ${distro}'s image: ${free} of ${said('root')} MiB are free on its root, and ${leastFree} have to be; was it grown by cloud-init?`,
    );
  }
  await machine.pull(kernel, join(folder, 'vmlinuz'), signal);
  if (busybox !== '') {
    await machine.pull(busybox, join(folder, 'busybox'), signal);
  }
  const lines = Object.entries(packages)
    .map(([name, version]) => `${name}\t${version}\n`)
    .toSorted();
  await writeFile(join(folder, 'packages'), lines.join(''));
  const tidied = await machine.ask(tidyUp, signal);
  if (tidied.status !== 0) {
    throw new Error(`cannot tidy up ${distro}'s image: ${tidied.output.trim()}`);
  }
  return ['vmlinuz', ...(busybox === '' ? [] : ['busybox']), 'packages'];
}

/** Has a machine go down in order, and waits for the end of its QEMU: its disk is whole then. */
export async function shutDown(machine: QemuMachine, factor: number, signal: AbortSignal): Promise<void> {
  const limit = limitedBy(signal, downSeconds * factor, `${machine.name} to go down`);
  await machine.logout(limit);
  machine.ask(goDown, limit).catch(() => {});
  for (let isUp = true; isUp; ) {
    limit.throwIfAborted();
    await sleep(200, undefined, { signal: limit });
    isUp = await machine.qmp.execute('query-status').then(
      () => true,
      () => false,
    );
  }
  await machine.quit();
}
