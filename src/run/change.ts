import type { Batch } from '../domain/plan.ts';
import type { BootRequest, Machine } from '../machine/machine.ts';
import { onMachine, orLetGo } from './on-machine.ts';
import type { Workplace } from './prepare.ts';

/** Where a script for `--prepare` is put in a machine, for as long as it runs. */
const remoteScript = '/run/katafarm-prepare';

/** Of what it printed, as much of the end of either stream is told. */
const mostSaid = 900;

/** Runs a script of the user's in a machine; its output is kept beside the machine's console. */
export async function change(
  farm: Workplace,
  batch: Batch,
  machine: Machine,
  script: string,
  logs: string,
  signal: AbortSignal,
): Promise<void> {
  const site = { batch: batch.id, machine, logs, name: 'transcript', signal };
  await onMachine(farm, site, async ({ $, push }) => {
    await push(script, remoteScript);
    const ended = await $`sh -eu ${remoteScript}; rm ${remoteScript}`.nothrow();
    if (ended.exitCode !== 0) {
      throw failureOf(`cannot prepare ${machine.name}: ${script} ended with ${ended.exitCode}`, ended);
    }
  });
}

/** What more a script said than its last line is the error's detail: that line seldom says why. */
function failureOf(what: string, { stdout, stderr }: { readonly stdout: string; readonly stderr: string }) {
  const said = [stdout, stderr].map((text) => text.trim().slice(-mostSaid));
  const last = said
    .findLast((text) => text !== '')
    ?.split('\n')
    .at(-1);
  return new Error([`${what}: ${last}`, ...said].join('\n'));
}

/** A machine that was booted for its cell, changed by the script of `--prepare-cold`, if there is one, and booted again. */
export async function rebooted(
  farm: Workplace,
  batch: Batch,
  machine: Machine,
  { logs, signal }: Pick<BootRequest, 'logs' | 'signal'>,
): Promise<Machine> {
  const { prepareCold } = farm;
  if (prepareCold === undefined) {
    return machine;
  }
  return await orLetGo(machine, async () => {
    await change(farm, batch, machine, prepareCold, logs, signal);
    await machine.reboot(signal);
  });
}
