import type { Batch } from '../domain/plan.ts';
import type { Speed } from '../domain/speed.ts';
import type { Proof, Template } from '../machine/machine.ts';
import { recordProof } from './batch-facts.ts';
import type { Farm } from './farm.ts';
import { requestFor } from './prepare.ts';
import { proofWant } from './wants.ts';

/**
 * Stage 2 of the probe, on a template's first clone, unless an earlier run has asked. A proof that can't be had is no
 * reason to stop: the class then says what is known.
 */
export async function prove(
  farm: Farm,
  batch: Batch,
  template: Template,
  speed: Speed,
): Promise<Proof | undefined> {
  if (template.proof) {
    await recordProof(farm, batch, speed, template.proof);
    return template.proof;
  }
  const request = requestFor(farm, batch, speed, 'proof');
  const proof = await farm.slots
    .use(proofWant(batch, speed), () => template.prove(request))
    .catch((error: Error) => error);
  farm.signal.throwIfAborted();
  if (proof instanceof Error) {
    const value = `not proven: ${proof.message}`;
    await farm.record({ type: 'fact', subject: batch.id, key: 'nested.because', value });
    return undefined;
  }
  await recordProof(farm, batch, speed, proof);
  return proof;
}
