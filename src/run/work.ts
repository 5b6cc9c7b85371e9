import type { CellId } from '../domain/cell.ts';
import { canaryOf } from '../domain/order.ts';
import type { Outcome, Phase } from '../domain/outcome.ts';
import type { Batch } from '../domain/plan.ts';
import type { Speed } from '../domain/speed.ts';
import type { Image, Proof, Template } from '../machine/machine.ts';
import { again } from './again.ts';
import { ensureSame, recordBatch, recordProof, recordTemplate, speedFrom } from './batch-facts.ts';
import { farmErred } from './blame.ts';
import { type CellWork, conclude } from './conclude.ts';
import type { Farm } from './farm.ts';
import { prepareTemplate, requestFor } from './prepare.ts';
import { imageWant, proofWant, templateWant } from './wants.ts';

/**
 * Takes one batch from nothing to verdicts: image, template, and a machine for every cell. What went wrong is in the
 * journal; rejects only when the run is interrupted or its journal can't be written.
 */
export async function work(farm: Farm, batch: Batch): Promise<void> {
  const provider = farm.providers.get(batch.provider);
  const distro = farm.distros.get(batch.distro);
  if (!provider || !distro) {
    throw new TypeError(`the plan speaks of ${batch.provider} and ${batch.distro}, which are not both here`);
  }
  const tell = (line: string) => farm.watcher.said(line, batch.id);
  const outcomes = new Map<CellId, Promise<Outcome>>();
  let phase: Phase = 'image';
  let proof: Promise<Proof | undefined> | undefined;

  const during = async <T>(name: Phase, body: () => Promise<T>): Promise<T> => {
    phase = name;
    farm.watcher.began(batch.id, name);
    const started = performance.now();
    const value = await body();
    const ms = Math.round(performance.now() - started);
    await farm.record({ type: 'phase-ended', batch: batch.id, phase: name, ms });
    return value;
  };

  /** One that is there already takes nothing of the host. */
  const templateOf = async (image: Image, speed: Speed): Promise<Template | undefined> => {
    const stored = await provider.template?.(image, requestFor(farm, batch, speed, 'template'));
    if (stored && farm.prepare === undefined) {
      return stored;
    }
    return farm.slots.use(templateWant(farm, batch, speed), () =>
      prepareTemplate(farm, batch, provider, image, speed, during, stored),
    );
  };

  const wrong = (error: unknown) =>
    tell(`${phase} went wrong: ${farmErred(error, phase).message}; trying again`);

  const begin = (kind: CellWork['kind'], { digest }: Image, speed: Speed, start: CellWork['start']) => {
    const canary = kind === 'clone' ? canaryOf(batch)?.id : undefined;
    for (const cell of batch.cells.filter(({ machine }) => machine === kind)) {
      const given = { batch, cell, kind, speed, digest, start, outcomes, proof, canary };
      const outcome = conclude(farm, given);
      // It is awaited below; until then an interruption must not count as unhandled.
      outcome.catch(() => {});
      outcomes.set(cell.id, outcome);
    }
  };

  try {
    const image = await again(
      farm,
      () =>
        farm.slots.use(imageWant(farm, batch), () =>
          during('image', () => provider.image(distro, tell, farm.signal)),
        ),
      wrong,
    );
    ensureSame(image, farm.known.get(batch.id));
    const speed =
      speedFrom(farm.known.get(batch.id)) ??
      (await during('probe', () => provider.probe(image, tell, farm.signal)));
    await recordBatch(farm, batch, image, speed);

    // An image that went bad in the cache is thrown away when it is booted: asked for again, it is whole.
    let whole = Promise.resolve(image);
    const renew = () => {
      whole = provider
        .image(distro, tell, farm.signal)
        .then((renewed) => ensureSame(renewed, { 'image.digest': image.digest }));
      whole.catch(() => {});
    };
    const boot: CellWork['start'] = async (request) => {
      try {
        return await provider.boot(await whole, request);
      } catch (error) {
        farm.signal.throwIfAborted();
        renew();
        throw error;
      }
    };
    const warm = batch.cells.some((cell) => cell.machine === 'clone');
    // Asked for first, as a template is more urgent than a boot; both are under way at once where two fit.
    const template = warm
      ? again(
          farm,
          async () => templateOf(await whole, speed),
          (error) => {
            wrong(error);
            renew();
          },
        )
      : undefined;
    template?.catch(() => {});
    begin('cold', image, speed, boot);
    const frozen = await template;
    await recordTemplate(farm, batch, frozen);
    proof = frozen && prove(farm, batch, frozen, speed);
    begin('clone', image, speed, (request) => (frozen ? frozen.clone(request) : boot(request)));
    await Promise.all([...outcomes.values(), proof]);
    await frozen?.[Symbol.asyncDispose]();
  } catch (error) {
    await Promise.allSettled([...outcomes.values(), proof]);
    farm.signal.throwIfAborted();
    if (outcomes.size === batch.cells.length) {
      // Every cell was under way, so this is no trouble of the batch's: the journal can't be written, say.
      throw error;
    }
    const outcome = farmErred(error, phase);
    tell(`${phase} went wrong: ${outcome.message}`);
    for (const cell of batch.cells.filter(({ id }) => !outcomes.has(id))) {
      await farm.record({ type: 'cell-ended', cell: cell.id, outcome, ms: 0 });
    }
  }
}

/** A proof that can't be had is no reason to stop: the class then says what is known. */
async function prove(farm: Farm, batch: Batch, template: Template, speed: Speed): Promise<Proof | undefined> {
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
