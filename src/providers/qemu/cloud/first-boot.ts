import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Speed } from '../../../domain/speed.ts';
import { limitedBy } from '../../../machine/limit.ts';
import type { Tell } from '../../../machine/machine.ts';
import type { MachineSpec } from '../argv.ts';
import { comingUp } from '../coming-up.ts';
import type { Place } from '../freeze.ts';
import { QemuMachine } from '../machine.ts';
import { bootSettled, makeIdentity } from '../prepare.ts';
import { awaitCloudInit, letRootIn } from './guest-scripts.ts';
import { type Progress, progressOf } from './progress.ts';

/** On hardware of speed 1: without a word on its console; to the end of cloud-init; to log in. */
const silentSeconds = 60;
const cloudInitSeconds = 300;
const loginSeconds = 30;
/** How often the console is looked at. */
const lookMs = 2_000;

/** What is needed to boot an image for the first time. */
export interface FirstBoot {
  readonly distro: string;
  /** Less what belongs to one machine: sockets and console. */
  readonly spec: Omit<MachineSpec, 'sockets' | 'console'>;
  readonly speed: Speed;
  readonly logs: string;
}

/** A machine after cloud-init's work, that root is logged in to. */
export interface FirstBooted {
  readonly machine: QemuMachine;
  /** What was changed so that it can be worked with, and how cloud-init ended where it did not end well. */
  readonly deviations: readonly string[];
}

/**
 * Boots a published image with its seed, and waits for cloud-init's end. Throws a BootFailed that tells a machine that is
 * still at work from one that is dead. What it shows on its console is in `logs`.
 */
export async function firstBoot(
  { distro, spec, speed, logs }: FirstBoot,
  place: Place,
  tell: Tell,
  signal: AbortSignal,
): Promise<FirstBooted> {
  const whole: MachineSpec = { ...spec, sockets: place.sockets(), console: join(logs, 'console.log') };
  const announce = async () => {};
  const machine = await QemuMachine.start({
    ...{ qemu: place.qemu, spec: whole, logs, litter: [], announce, signal },
  });
  try {
    return await comingUp(machine, signal, async (coming) => {
      await firstAnswer(machine, whole.console, { distro, factor: speed.factor, tell }, coming);
      tell(`${distro}: cloud-init is at work in it`);
      const seconds = cloudInitSeconds * speed.factor;
      const limit = limitedBy(coming, seconds, `cloud-init of ${machine.name} to end`);
      const { output } = await machine.ask(awaitCloudInit, limit);
      await bootSettled(machine, limit);
      const { output: changed } = await machine.ask(letRootIn, limit);
      const identity = await makeIdentity(machine, place.file('identity'), limit);
      const patience = limitedBy(coming, loginSeconds * speed.factor, `SSH of ${machine.name}`);
      await machine.login(identity, patience);
      return { machine, deviations: [...troubleOf(output), ...changed.split('\n').filter(Boolean)] };
    });
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    throw error;
  }
}

/** How cloud-init ended, where that is not well. Its own words: `status: done`, and `errors:` or `detail:` below it. */
export function troubleOf(status: string): readonly string[] {
  const said = (word: string) => new RegExp(`^${word}: (.+)$`, 'm').exec(status)?.[1];
  const ended = said('extended_status') ?? said('status');
  return ended === 'done' || ended === undefined ? [] : [`cloud-init ended its first boot with: ${ended}`];
}

interface Waiting {
  readonly distro: string;
  readonly factor: number;
  readonly tell: Tell;
}

/** A machine whose console says something new may take its time; one that is silent is given up on, in words that fit. */
async function firstAnswer(
  machine: QemuMachine,
  console: string,
  { distro, factor, tell }: Waiting,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const answer = machine.ask('true', AbortSignal.any([signal, over.signal])).then(() => true);
  answer.catch(() => {});
  let [length, stage, since] = [0, '', performance.now()];

  for (;;) {
    const there = await Promise.race([answer, sleep(lookMs, false, { signal })]);
    if (there) {
      return;
    }
    const text = await readFile(console, 'utf8').catch(() => '');
    const progress = progressOf(text);
    if (text.length > length) {
      [length, since] = [text.length, performance.now()];
    }
    if (progress.stage !== undefined && progress.stage !== stage) {
      stage = progress.stage;
      tell(`${distro}: cloud-init: ${stage}`);
    }
    const limit = limitOf(progress) * factor;
    if ((performance.now() - since) / 1000 > limit) {
      over.abort();
      throw new Error(
        `cannot boot ${distro}'s image for the first time: nothing new in ${Math.round(limit)} s; ${progress.words}`,
      );
    }
  }
}

/** One that cloud-init has left behind has nothing to wait for. */
function limitOf({ at }: Progress): number {
  return at === 'done' ? loginSeconds : silentSeconds;
}
