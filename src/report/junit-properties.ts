import { againstLabel } from '../domain/kata.ts';
import type { Run } from '../domain/run.ts';
import { oneLine, plain } from '../domain/text.ts';
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
  return all.map(([key, value]) => [oneLine(key), plain(String(value))]);
}

/** Where a cell's evidence is, what came of it with the base's Kata, and whose fault its failure is. */
export function caseProperties(tested: TestedCell, base: string | undefined): readonly Property[] {
  const folder = evidenceFolder(tested);
  const { component, confidence, class: kind, provenance, mender } = tested.result?.finding ?? {};
  const fault = Object.entries({ component, confidence, class: kind, provenance, mender });
  return [
    ...(folder ? [['evidence', folder] as const] : []),
    ...(base === undefined ? [] : [['base', oneLine(base)] as const]),
    ...fault.flatMap(([key, value]) =>
      value === undefined ? [] : [[`fault.${key}`, oneLine(value)] as const],
    ),
  ];
}
