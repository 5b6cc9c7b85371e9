import type { DistroId } from './distro.ts';
import type { Batch } from './plan.ts';
import type { Facts } from './result.ts';
import type { Run } from './run.ts';
import { versionsIn } from './versions.ts';

/** Something that is not the same in two runs, beside what came of their cells. */
export interface Change {
  readonly of: 'host' | 'manner' | 'kata' | 'input' | 'machine' | 'package';
  /** Missing: it is about the whole run. */
  readonly release?: DistroId;
  readonly name: string;
  /** Missing: the base does not have it, or does not say. */
  readonly was?: string;
  readonly is?: string;
}

/** Everything that is installed in a release's machines, by package; of releases where that is known. */
export type Installed = ReadonlyMap<DistroId, Readonly<Record<string, string>>>;

/** What changed between two runs: hosts, how they were made, Katas, releases and scenarios, machines, packages. */
export function changesOf(
  base: Run,
  run: Run,
  installed: { readonly base: Installed; readonly run: Installed } = { base: new Map(), run: new Map() },
): readonly Change[] {
  const used = new Set<string>(
    run.plan.batches.flatMap(({ distro, cells }) => [distro, ...cells.map(({ scenario }) => scenario)]),
  );
  const whole = [
    ...differing('host', base.host, run.host),
    ...differing('manner', mannerOf(base), mannerOf(run)),
    ...differing('kata', katasOf(base), katasOf(run)),
    ...differing('input', base.inputs, run.inputs).filter(({ name, was, is }) => was && is && used.has(name)),
  ];
  const batches = run.plan.batches.flatMap((now) => {
    const before = base.plan.batches.find(({ id }) => id === now.id);
    return before ? [{ before, now }] : [];
  });
  const machines = batches.flatMap(({ before, now }) => {
    const known = [installed.base.get(before.distro), installed.run.get(now.distro)] as const;
    return [
      ...machineChanges(base.batchFacts.get(before.id) ?? {}, run.batchFacts.get(now.id) ?? {}),
      ...(known[0] && known[1]
        ? packageChanges(known[0], known[1])
        : packageChanges(claimedIn(base, before), claimedIn(run, now))),
      ...cellChanges(base, before, run, now),
    ].map((change): Change => ({ ...change, release: now.distro }));
  });
  return [...whole, ...machines];
}

/** Packages that were added, went away or have another version, by name. */
export function packageChanges(
  base: Readonly<Record<string, string>>,
  run: Readonly<Record<string, string>>,
): readonly Change[] {
  return differing('package', base, run);
}

function differing(of: Change['of'], before: Facts, now: Facts): readonly Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  return names.flatMap((name) => {
    const [was, is] = [before[name], now[name]];
    return was === is
      ? []
      : [
          {
            of,
            name,
            ...(was !== undefined && { was: String(was) }),
            ...(is !== undefined && { is: String(is) }),
          },
        ];
  });
}

function mannerOf({ command, modified }: Run): Facts {
  return {
    command: command.join(' '),
    ...(modified.length > 0 && { 'changed by hand': modified.join('; ') }),
  };
}

function katasOf({ plan: { katas = [] } }: Run): Facts {
  return Object.fromEntries(
    katas.flatMap(({ label, version, source, digest, replaced }) => {
      const name = label === undefined ? 'Kata' : `Kata ${label}`;
      return [
        [name, `${version} (${source})`],
        [`${name}, digest`, digest],
        ...(replaced.length > 0 ? [[`${name}, replaced`, replaced.join(', ')]] : []),
      ];
    }),
  );
}

const machineKeys = ['accelerator', 'speed', 'speed.factor', 'image.digest', 'image.built'];

/** What was said of a whole batch; departures from the defaults by their words, as their numbers mean nothing. */
function machineChanges(before: Facts, now: Facts): readonly Change[] {
  const told = (facts: Facts): Facts =>
    Object.fromEntries(
      Object.entries(facts).flatMap(([key, value]) => {
        if (key.startsWith('deviation.')) {
          return [[`departure: ${value}`, 'yes']];
        }
        return machineKeys.includes(key) ? [[key, value]] : [];
      }),
    );
  return differing('machine', told(before), told(now));
}

/** Packages that the batch's facts name, where all that is installed is not known. */
function claimedIn({ batchFacts }: Run, { id }: Batch): Readonly<Record<string, string>> {
  const facts = Object.entries(batchFacts.get(id) ?? {});
  return Object.fromEntries(
    facts.flatMap(([key, value]) =>
      key.startsWith('package.') ? [[key.slice('package.'.length), String(value)]] : [],
    ),
  );
}

/** Versions, packages and digests that the same cells recorded, each said once a release. */
function cellChanges(base: Run, before: Batch, run: Run, now: Batch): readonly Change[] {
  const all = now.cells
    .filter(({ id }) => before.cells.some((cell) => cell.id === id))
    .flatMap(({ id }) => {
      const [was, is] = [base, run].map((one) => versionsIn(one.results.get(id)?.facts ?? {}));
      return was && is ? differing('machine', was, is).filter((change) => change.was && change.is) : [];
    });
  return [...new Map(all.map((change) => [JSON.stringify(change), change])).values()];
}
