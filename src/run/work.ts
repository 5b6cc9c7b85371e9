import type { CellId } from '../domain/cell.ts';
import type { Batch } from '../domain/plan.ts';
import { needsKata } from '../domain/scenario.ts';
import { ImageDamaged } from '../machine/faults.ts';
import type { Proof } from '../machine/machine.ts';
import { again } from './again.ts';
import { ensureSame, provenClass, recordBatch, recordTemplate, speedAsBefore } from './batch-facts.ts';
import { changed, plainTemplate, type TemplateGround } from './batch-templates.ts';
import { beginIn, wantedOf } from './begin.ts';
import { farmErred } from './blame.ts';
import type { CellWork } from './conclude.ts';
import { type DiagnosisGround, diagnose } from './diagnosis.ts';
import type { Farm } from './farm.ts';
import { giveUp } from './give-up.ts';
import { workKata } from './kata-cells.ts';
import { Ledger, overheard } from './ledger.ts';
import { seenInside } from './one-machine.ts';
import { Outcomes } from './outcomes.ts';
import { withOverlay } from './overlay.ts';
import { Phases } from './phases.ts';
import { prove } from './prove.ts';
import { verdictOf } from './uninstallable.ts';
import { imageWant, templateWant } from './wants.ts';

/**
 * Takes one batch from nothing to verdicts: image, template, a machine for every cell, and whose fault it is. What went wrong
 * is in the journal; rejects only when the run is interrupted or its journal can't be written.
 */
export async function work(whole: Farm, batch: Batch): Promise<void> {
  const provider = whole.providers.get(batch.provider);
  const distro = whole.distros.get(batch.distro);
  if (!provider || !distro) {
    throw new TypeError(`the plan speaks of ${batch.provider} and ${batch.distro}, which are not both here`);
  }
  const wanted = wantedOf(whole, batch);
  if (wanted.length === 0) {
    return;
  }
  const ledger = new Ledger(whole.past, batch.distro);
  const farm = overheard(whole, ledger);
  const benches = new Map<CellId, CellWork>();
  const known = farm.known.get(batch.id);
  const before = known?.['image.digest'];
  const phases = new Phases(farm, batch);
  const outcomes = new Outcomes(batch.cells);
  let proof: Promise<Proof | undefined> | undefined;
  let isBegun = false;

  const tell = (line: string) => farm.watcher.said(line, batch.id);
  const wrong = (error: unknown) =>
    tell(`${phases.now} went wrong: ${farmErred(error, phases.now).message}; trying again`);
  const had = async () =>
    ensureSame(
      await provider.image(distro, tell, farm.signal, before === undefined ? undefined : String(before)),
      known,
    );
  const plain = (kind: CellWork['kind']) =>
    wanted.filter((cell) => cell.machine === kind && !needsKata({ id: cell.scenario }));

  const look = (seen: Pick<DiagnosisGround, 'speed' | 'image'>) => {
    if (batch.cells.length === 0) {
      farm.watcher.began(batch.id, 'diagnose');
    }
    return diagnose(farm, { batch: batch.id, ledger, distro, benches, ...seen });
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
    const bootImage: CellWork['start'] = async (request) => {
      try {
        return await provider.boot(await whole, request);
      } catch (error) {
        renewIf(error);
        throw error;
      }
    };
    const ground: TemplateGround = {
      ...{ batch, provider, speed, stages: phases, image: () => whole },
      share: (deed) => farm.slots.use(templateWant(farm, batch, speed), deed),
    };
    const freezeImage = (bare: boolean) =>
      again(
        farm,
        () => plainTemplate(farm, ground, bare),
        (error) => {
          wrong(error);
          renewIf(error);
        },
      );
    const { made, boot, now } = withOverlay(farm, ground, { made: freezeImage, boot: bootImage });
    const { digest } = image;
    const begin = beginIn(farm, { batch, speed, digest, outcomes, benches, proof: () => proof });
    const warm = farm.overlay !== undefined || wanted.some((cell) => cell.machine === 'clone');
    // Asked for first, as a template is more urgent than a boot; both are under way at once where two fit.
    const template = warm ? made(false) : undefined;
    template?.catch(() => {});
    // What can't be installed is the end of every cell.
    await (farm.overlay && template);
    begin(plain('cold'), { kind: 'cold', boots: true, start: boot });
    const base = await template;
    // A script that is about Kata has no business on a machine without one.
    const frozen = plain('clone').length > 0 ? await changed(farm, ground, base, 'prepare') : base;
    await recordTemplate(farm, batch, frozen);
    // What this host's machines can do is asked of the release alone, and known from an earlier run: a change says nothing of it.
    proof = base && prove(farm, batch, base, speed);
    proof?.catch(() => {});
    const clone: CellWork['start'] = (request) => (frozen ? frozen.clone(request) : boot(request));
    begin(plain('clone'), { kind: 'clone', boots: !frozen, start: clone });
    const lent = { cells: wanted, outcomes, begin, boot, proof, base, bareBase: () => made(true) };
    await workKata(farm, ground, lent);
    isBegun = true;
    await outcomes.ended();
    const proven = await proof;
    const settled = proven ? provenClass(speed, proven) : seenInside(provider, speed);
    await look({ speed: settled, image: now(image) });
    await phases
      .during('teardown', async () => frozen?.[Symbol.asyncDispose]())
      .catch((error: Error) => tell(`its template does not go: ${error.message}`));
  } catch (error) {
    // Where every cell was under way, this is no trouble of the batch's: the journal can't be written, say.
    const isUnderWay = isBegun || (batch.cells.length > 0 && outcomes.notBegun.length === 0);
    if (farm.signal.aborted || isUnderWay) {
      await Promise.allSettled([outcomes.ended(), proof]);
      throw error;
    }
    const verdict = verdictOf(error);
    await giveUp(farm, batch, outcomes, outcomes.notBegun, verdict ?? farmErred(error, phases.now));
    await outcomes.ended();
    // What the package manager refused needs no experiment.
    await (verdict ?? look({ speed: 'none', image: undefined }));
  }
}
