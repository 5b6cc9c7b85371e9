import assert from 'node:assert/strict';
import type { Cri } from '../../src/machine/cri.ts';
import type { ScenarioContext } from '../../src/scenario.ts';
import { type PodPlan, podLife } from './pod-life.ts';

export interface PodsByEngine {
  /** A workplace with `pods` in it. */
  readonly at: string;
  readonly cri: Cri;
  /** The engine's names of runtimes: one without a VM, which is the control, and this cell's. */
  readonly plain: string;
  readonly kata: string;
}

/** A pod's whole life without a VM, then in one: both of its containers in the same, and that none of the machine's kernel. */
export async function podInVm(t: ScenarioContext, { at, cri, plain, kata }: PodsByEngine): Promise<void> {
  const control = await podLife(t, {
    ...{ at, cri, handler: plain },
    stage: (title, body) => t.control(`control: ${title} without a VM`, body),
  });
  await t.control('control: see that it was in no VM', async () => {
    assert.deepEqual(new Set(control.boots), new Set([control.machineBoot]), `a pod by ${plain} was in a VM`);
  });

  const stage: PodPlan['stage'] = (title, body) => t.step(title, body);
  const pod = await podLife(t, { at, cri, handler: kata, stage }).catch((error: unknown) =>
    explained(t, at, error),
  );
  const [server, sleeper] = pod.boots;
  assert.ok(server === sleeper, `the containers of one pod are in two VMs: boots ${server} and ${sleeper}`);
  if (server === pod.machineBoot) {
    const message = `the pod is in no VM: it runs on the machine's own kernel (${pod.kernel})`;
    throw Object.assign(new assert.AssertionError({ message }), { class: 'guest-kernel-same' });
  }
  await t.fact('guest.kernel', pod.kernel);
  await t.fact('pod.address', pod.address);
}

/** The same failure, with the class that the engine's words or those of Kata's shim are of; both are evidence. */
async function explained(t: ScenarioContext, at: string, error: unknown): Promise<never> {
  if (!(error instanceof assert.AssertionError || (error instanceof Error && error.name === 'CriError'))) {
    throw error;
  }
  const kind = await t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh
    printf '%s\n' ${error.message} >cri.words
    : >kata.journal
    kata_words >&2
    kata_class cri.words kata.journal`
    .nothrow()
    .text();
  throw kind.trim() ? Object.assign(error, { class: kind.trim() }) : error;
}
