import { againstLabel } from '../domain/kata.ts';
import type { Run } from '../domain/run.ts';
import { oneLine } from '../domain/text.ts';
import { versionsIn } from '../domain/versions.ts';
import { evidenceFolder, factsOf, type TestedCell, type TestedStack } from './tested.ts';

/** A name and what is said under it. */
type Property = readonly [string, string];

/** What holds for all cells of a release and stack. */
export function suiteProperties(run: Run, { batches, cells }: TestedStack): readonly Property[] {
  const host = Object.entries(run.host).map(([key, value]) => [`host.${key}`, value] as const);
  const shared = batches.flatMap((id) => Object.entries(run.batchFacts.get(id) ?? {}));
  const planned = run.plan.batches.filter(({ id }) => batches.includes(id));

  const all = [
    ['run', run.id] as const,
    ...planned.flatMap(({ provider, variant }) => [
      ['provider', provider] as const,
      ['variant', variant] as const,
    ]),
    ...host,
    ...shared,
    ...Object.entries(versionsIn(factsOf(cells))),
    ...(run.plan.katas ?? []).map(
      ({ label, version, source }) =>
        [label === againstLabel ? 'against' : 'kata', `${version} (${source})`] as const,
    ),
    ...run.modified.map((change) => ['modified', change] as const),
  ];
  return all.map(([key, value]) => [oneLine(key), oneLine(String(value), 2000)]);
}

/** Where a cell's evidence is, what came of it with the base's Kata, its marks, and whose fault its failure is: a line each. */
export function caseLines(tested: TestedCell, base: string | undefined): readonly string[] {
  const folder = evidenceFolder(tested);
  const { outcome, result } = tested;
  const { component, confidence, class: kind, provenance, mender } = result?.finding ?? {};
  const isPassed = outcome?.status === 'passed';
  const all = {
    evidence: folder,
    base,
    flaky: isPassed && outcome.flaky ? 'red on one clone, green on the next' : undefined,
    degraded: isPassed ? outcome.degraded?.join('; ') : undefined,
    ...{ 'fault.component': component, 'fault.confidence': confidence, 'fault.class': kind },
    ...{ 'fault.provenance': provenance, 'fault.mender': mender },
  };
  const lines = Object.entries(all).flatMap(([key, value]) => (value ? [`${key}: ${oneLine(value)}`] : []));
  // Readers of output take `[[ATTACHMENT|/path]]` for an order: a guest gives none.
  return lines.map((line) => line.replaceAll('[[', '[ ['));
}
