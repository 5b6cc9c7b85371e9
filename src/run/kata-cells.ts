import type { PlannedCell } from '../domain/plan.ts';
import { needsKata } from '../domain/scenario.ts';
import type { InstallSite, KataInstaller } from '../install/install-kata.ts';
import type { Proof, Template } from '../machine/machine.ts';
import { again } from './again.ts';
import { changed, kataTemplate, putKata, type TemplateGround } from './batch-templates.ts';
import type { Begin } from './begin.ts';
import { farmErred } from './blame.ts';
import type { CellWork } from './conclude.ts';
import type { Farm } from './farm.ts';
import { giveUp } from './give-up.ts';
import { orLetGo } from './on-machine.ts';
import type { Outcomes } from './outcomes.ts';

/** What the rest of the batch's work lends to Kata's cells. */
export interface Lent {
  /** All that machines are wanted for; of those that are Kata's, not all need be the batch's to run. */
  readonly cells: readonly PlannedCell[];
  readonly outcomes: Outcomes;
  readonly begin: Begin;
  readonly boot: CellWork['start'];
  readonly proof: Promise<Proof | undefined> | undefined;
  /** The plain template; undefined where this host can't freeze. */
  readonly base: Template | undefined;
  /** The same with a CPU that doesn't say that it is virtual; made when it is first asked for. */
  readonly bareBase: () => Promise<Template | undefined>;
}

/** Cells that share a template: of one Kata, on one kind of CPU. */
interface Group {
  readonly installer: KataInstaller;
  readonly bare: boolean;
  readonly cells: readonly PlannedCell[];
}

/**
 * Begins a batch's cells of Kata's, once their templates are there: one for each Kata and kind of CPU. A Kata that can't be
 * put into a machine is the end of its own cells alone.
 */
export async function workKata(farm: Farm, ground: TemplateGround, lent: Lent): Promise<void> {
  const groups = groupsOf(farm, lent.cells);
  if (groups.length === 0) {
    return;
  }
  // How long a guest takes here is what Kata's own limits are set by.
  const proven = await lent.proof?.catch(() => undefined);
  const distro = (await ground.image()).distro;
  const site: InstallSite = { distro, factor: ground.speed.factor, nestedMs: roughly(proven?.nestedMs) };

  const ended = await Promise.allSettled(groups.map((group) => workGroup(farm, ground, lent, group, site)));
  const broken = ended.find((one) => one.status === 'rejected');
  if (broken) {
    throw broken.reason;
  }
}

/** Rounded up, so that two proofs of one host lead to the same template. */
export function roughly(ms: number | undefined): number | undefined {
  if (ms === undefined) {
    return undefined;
  }
  const step = ms < 5_000 ? 500 : 5_000;
  return Math.ceil(ms / step) * step;
}

async function workGroup(
  farm: Farm,
  ground: TemplateGround,
  { outcomes, begin, boot, base, bareBase }: Lent,
  { installer, bare, cells }: Group,
  site: InstallSite,
): Promise<void> {
  const { batch } = ground;
  const cold = cells.filter(({ machine }) => machine === 'cold');
  const clones = cells.filter(({ machine }) => machine === 'clone');
  const booted: CellWork['start'] = async (request) => {
    const machine = await boot(bare ? { ...request, bare } : request);
    return await orLetGo(machine, () =>
      putKata(farm, batch, machine, installer, site, request.logs, request.signal),
    );
  };
  begin(cold, { kind: 'cold', boots: true, start: booted });
  if (clones.length === 0) {
    return;
  }

  try {
    const template = await again(
      farm,
      async () => {
        const plain = bare ? await bareBase() : base;
        return plain && (await kataTemplate(farm, ground, plain, installer, site));
      },
      (error) => farm.watcher.said(`${farmErred(error, 'prepare').message}; trying again`, batch.id),
    );
    const purpose = `prepare-kata${installer.build.label ?? ''}${bare ? '-bare' : ''}`;
    const frozen = await changed(farm, ground, template, purpose);
    const start: CellWork['start'] = (request) => (frozen ? frozen.clone(request) : booted(request));
    begin(clones, { kind: 'clone', boots: !frozen, start });
  } catch (error) {
    farm.signal.throwIfAborted();
    const lost = clones.map(({ id }) => id).filter((id) => outcomes.of(id));
    await giveUp(farm, batch, outcomes, lost, farmErred(error, 'prepare'));
  }
}

function groupsOf(farm: Farm, cells: readonly PlannedCell[]): readonly Group[] {
  const own = cells.filter(({ scenario }) => needsKata({ id: scenario }));
  const bareOf = ({ scenario }: PlannedCell) => farm.scenarios.get(scenario)?.needs.bare ?? false;
  const groups = Map.groupBy(own, (cell) => `${cell.kata ?? ''} ${bareOf(cell)}`);
  return [...groups.values()].map((same) => {
    const [first] = same as [PlannedCell, ...PlannedCell[]];
    const installer = farm.katas.get(first.kata ?? '');
    if (!installer) {
      throw new TypeError(`the plan speaks of a Kata that is not here: ${first.id}`);
    }
    return { installer, bare: bareOf(first), cells: same };
  });
}
