import type { Batch } from '../domain/plan.ts';
import { guestOf } from '../machine/guest.ts';
import type { BootRequest, Machine } from '../machine/machine.ts';
import { freeName } from './free-name.ts';
import type { Workplace } from './prepare.ts';
import { Transcript } from './transcript.ts';

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
  const path = await freeName(logs, 'transcript');
  await using transcript = new Transcript(path, (text) => farm.watcher.heard(batch.id, text));
  let cut: Error | undefined;
  const { $, push } = guestOf(
    machine,
    transcript.log,
    () => signal,
    (reason) => {
      cut = reason;
    },
  );
  await push(script, remoteScript);
  const ended = await $`sh -eu ${remoteScript}; rm ${remoteScript}`.nothrow();
  if (cut) {
    throw cut;
  }
  if (ended.exitCode !== 0) {
    const said = [ended.stdout, ended.stderr].map((text) => text.trim().slice(-mostSaid));
    const last = said
      .findLast((text) => text !== '')
      ?.split('\n')
      .at(-1);
    const message = `cannot prepare ${machine.name}: ${script} ended with ${ended.exitCode}: ${last}`;
    // What more it said is the error's detail: its last line seldom says why.
    throw new Error([message, ...said].join('\n'));
  }
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
  try {
    await change(farm, batch, machine, prepareCold, logs, signal);
    await machine.reboot(signal);
    return machine;
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    throw error;
  }
}
