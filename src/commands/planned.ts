import type { Distro } from '../domain/distro.ts';
import { askedFor } from '../domain/exit-code.ts';
import type { Plan } from '../domain/plan.ts';
import type { HadKata } from '../install/had-kata.ts';
import { loadDistros } from '../load/load-distros.ts';
import { loadScenarios } from '../load/load-scenarios.ts';
import { selectDistros, selectScenarios } from '../load/select.ts';
import type { Provider } from '../machine/machine.ts';
import { offersOf, serving } from '../plan/offers.ts';
import { executedCount, plan } from '../plan/plan.ts';
import type { LoadedScenario } from '../scenario.ts';
import type { Context } from './context.ts';
import { distroFolders, ensureOwn, scenarioFolders } from './folders.ts';
import { katasOf } from './katas.ts';
import type { MachineOptions, Selection } from './options.ts';
import { providerOptionsOf } from './provider-options.ts';
import { ensureTaken, type SourceChoice } from './source-option.ts';
import { ensureOneRelease, sshGiven } from './ssh-option.ts';

/** A plan, and what it was made from. */
export interface Planned {
  readonly distros: readonly Distro[];
  /** Those that were chosen, and the control. */
  readonly scenarios: readonly LoadedScenario[];
  readonly scenarioFolders: readonly string[];
  readonly providers: readonly Provider[];
  readonly katas: readonly HadKata[];
  readonly plan: Plan;
  /** What was asked for by name and yields no cell, in words: such a run exits 3. */
  readonly starved: readonly string[];
}

/** Loads what was chosen and plans it; `look` fetches no Kata. Throws a UserError for a word or file that is wrong. */
export async function plannedOf(
  context: Context,
  words: readonly string[],
  options: Selection & MachineOptions & SourceChoice & { readonly yes?: true },
  way: 'have' | 'look',
): Promise<Planned> {
  ensureOwn(options);
  const folders = scenarioFolders(context, options);

  const distros = selectDistros(await loadDistros(distroFolders(context, options)), words);
  const known = await loadScenarios(folders);
  const scenarios = selectScenarios(known, options.scenario ?? []);
  ensureTaken(options, scenarios);
  ensureOneRelease(options, distros);
  const providers = serving(
    await context.providers({ ...providerOptionsOf(context, options), ssh: sshGiven(context, options) }),
    options.provider,
  );
  await Promise.all(providers.map((provider) => provider.look?.(context.signal)));

  const katas = await katasOf(context, options, way);
  const planned = plan({
    distros,
    scenarios,
    providers: offersOf(providers, distros),
    stacks: options.stack,
    katas: katas.builds,
    noKata: katas.noKata,
  });
  // The control vouches for a machine under whichever scenario, be it chosen or not.
  const atHand = known.filter((one) => scenarios.includes(one) || one.id === 'control.runc');
  const starved = starvedOf(planned, options);
  return {
    distros,
    scenarios: atHand,
    scenarioFolders: folders,
    providers,
    katas: katas.had,
    plan: planned,
    starved,
  };
}

function starvedOf(planned: Plan, { stack: stacks, scenario: globs, kata }: Selection): readonly string[] {
  return askedFor({ stack: stacks, scenario: globs, kata })
    .filter(({ means }) => executedCount(planned, means) === 0)
    .map(({ words }) => words);
}
