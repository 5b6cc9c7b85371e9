import { canaryOf } from '../domain/order.ts';
import type { Batch } from '../domain/plan.ts';
import type { Speed } from '../domain/speed.ts';
import { ImageDamaged } from '../machine/faults.ts';
import type { Image, Proof, Template } from '../machine/machine.ts';
import { again } from './again.ts';
import { ensureSame, recordBatch, recordTemplate, speedAsBefore } from './batch-facts.ts';
import { farmErred } from './blame.ts';
import { type CellWork, conclude } from './conclude.ts';
import type { Farm } from './farm.ts';
import { Outcomes } from './outcomes.ts';
import { Phases } from './phases.ts';
import { prepareTemplate, requestFor } from './prepare.ts';
import { prove } from './prove.ts';
import { imageWant, templateWant } from './wants.ts';

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
  const known = farm.known.get(batch.id);
  const before = known?.['image.digest'];
  const phases = new Phases(farm, batch);
  const outcomes = new Outcomes(batch.cells);
  let proof: Promise<Proof | undefined> | undefined;

  const tell = (line: string) => farm.watcher.said(line, batch.id);
  const wrong = (error: unknown) =>
    tell(`${phases.now} went wrong: ${farmErred(error, phases.now).message}; trying again`);
  const had = async () =>
    ensureSame(
      await provider.image(distro, tell, farm.signal, before === undefined ? undefined : String(before)),
      known,
    );

  /** One that is there already takes nothing of the host. */
  const templateOf = async (image: Image, speed: Speed): Promise<Template | undefined> => {
    const stored = await provider.template?.(image, requestFor(farm, batch, speed, 'template'));
    if (stored && farm.prepare === undefined) {
      return stored;
    }
    return farm.slots.use(templateWant(farm, batch, speed), () =>
      prepareTemplate(farm, batch, provider, image, speed, phases, stored),
    );
  };

  const begin = (
    kind: CellWork['kind'],
    boots: boolean,
    { digest }: Image,
    speed: Speed,
    start: CellWork['start'],
  ) => {
    const canary = kind === 'clone' ? canaryOf(batch)?.id : undefined;
    for (const cell of batch.cells.filter(({ machine }) => machine === kind)) {
      const given = { batch, cell, kind, boots, speed, digest, start, outcomes, proof, canary };
      outcomes.begin(cell.id, conclude(farm, given));
    }
  };

  try {
    const image = await again(
      farm,
      () => farm.slots.use(imageWant(farm, batch), () => phases.during('image', had)),
      wrong,
    );
    const measured = await phases.during('probe', (signal) => provider.probe(image, tell, signal));
    const speed = speedAsBefore(measured, known);
    phases.stretchBy(speed.factor);
    await recordBatch(farm, batch, image, speed);

    // An image that is damaged in the cache is thrown away by who boots it: asked for again, it is whole.
    let whole = Promise.resolve(image);
    const renewIf = (error: unknown) => {
      if (error instanceof ImageDamaged && !farm.signal.aborted) {
        whole = had().then((renewed) => ensureSame(renewed, { 'image.digest': image.digest }));
        whole.catch(() => {});
      }
    };
    const boot: CellWork['start'] = async (request) => {
      try {
        return await provider.boot(await whole, request);
      } catch (error) {
        renewIf(error);
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
            renewIf(error);
          },
        )
      : undefined;
    template?.catch(() => {});
    begin('cold', true, image, speed, boot);
    const frozen = await template;
    await recordTemplate(farm, batch, frozen);
    proof = frozen && prove(farm, batch, frozen, speed);
    proof?.catch(() => {});
    begin('clone', !frozen, image, speed, (request) => (frozen ? frozen.clone(request) : boot(request)));
    await outcomes.ended();
    await proof;
    await phases
      .during('teardown', async () => frozen?.[Symbol.asyncDispose]())
      .catch((error: Error) => tell(`its template does not go: ${error.message}`));
  } catch (error) {
    // Where every cell was under way, this is no trouble of the batch's: the journal can't be written, say.
    if (farm.signal.aborted || outcomes.notBegun.length === 0) {
      await Promise.allSettled([outcomes.ended(), proof]);
      throw error;
    }
    const outcome = farmErred(error, phases.now);
    tell(`${phases.now} went wrong: ${outcome.message}`);
    for (const cell of outcomes.notBegun) {
      await farm.record({ type: 'cell-ended', cell, outcome, ms: 0 });
      outcomes.begin(cell, Promise.resolve(outcome));
    }
    await outcomes.ended();
  }
}
