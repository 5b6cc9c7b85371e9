import type { ChronicleRun } from '../../domain/chronicle.ts';
import type { Distro, DistroId } from '../../domain/distro.ts';
import type { Observation, RunNote } from '../../domain/evidence.ts';
import { type Exhibit, keyOfExhibit } from '../../domain/exhibit.ts';
import type { Matrix, ReleaseSupport } from '../../domain/matrix.ts';
import { policy as current, type Policy } from '../../domain/policy.ts';
import { type Stack, stacks } from '../../domain/stack.ts';
import { isFileName } from '../file-name.ts';
import { releaseTitle } from '../release-title.ts';
import { type CellView, cellView, type Seen } from './cell-view.ts';
import { type Past, pastOf } from './past.ts';
import { lanesByRun, type RunLane } from './run-cells.ts';
import type { Site } from './site.ts';

/** Everything that pages show, looked up once. */
export interface View {
  readonly site: Site;
  readonly matrix: Matrix;
  readonly policy: Policy;
  readonly past: Past;
  /** Tested ones first, those past their end after the others, then the rest of the catalogue; each in its own order. */
  readonly releases: readonly ReleaseView[];
  readonly stacks: readonly Stack[];
  /** Newest first. */
  readonly runs: readonly RunView[];
  /** How each release's cells came out, by run. */
  readonly lanes: ReadonlyMap<string, readonly RunLane[]>;
  /** What a red left, by `keyOfExhibit`. */
  readonly exhibits: ReadonlyMap<string, Exhibit>;
}

/** A release, tested or not. */
export interface ReleaseView {
  readonly id: DistroId;
  readonly title: string;
  /** Missing: tested once, and no longer in the catalogue. */
  readonly distro?: Distro;
  readonly support?: ReleaseSupport;
  /** A word each; none where nobody has run it. */
  readonly cells: readonly CellView[];
  readonly observations: readonly Observation[];
}

/** A run, as far as it is known by now: years after it, less than on the next day. */
export interface RunView {
  readonly id: string;
  readonly startedAt: string;
  readonly note?: RunNote;
  readonly told?: ChronicleRun;
}

export function viewOf(site: Site, policy: Policy = current): View {
  const { matrix, distros, chronicle } = site;
  const past = pastOf(chronicle);
  const byRelease = Map.groupBy(matrix.evidence.observations, ({ cell }) => cell.distro);
  const seen: Seen = { matrix, past, policy, greens: greensOf(matrix) };

  const release = (id: DistroId, distro: Distro | undefined): ReleaseView => {
    const support = matrix.releases.find((one) => one.distro.id === id);
    const observations = byRelease.get(id) ?? [];
    return {
      id,
      title: releaseTitle(id, distro?.title ?? support?.distro.title ?? id),
      ...(distro && { distro }),
      ...(support && { support }),
      cells: support ? support.stacks.map((one) => cellView(one, { distro, observations, ...seen })) : [],
      observations,
    };
  };
  const described = new Set(distros.map(({ id }) => id));
  const all = [
    ...distros.map((distro) => release(distro.id, distro)),
    ...matrix.releases
      .filter(({ distro }) => !described.has(distro.id))
      .map(({ distro }) => release(distro.id, undefined)),
  ].filter(({ id }) => isFileName(id));

  const observed = new Set(matrix.evidence.observations.map(({ cell }) => cell.stack));
  return {
    site,
    matrix,
    policy,
    past,
    releases: [0, 1, 2].flatMap((rank) => all.filter((one) => rankOf(one) === rank)),
    stacks: stacks.filter(({ id }) => observed.has(id) || policy.stacks.some(({ stack }) => stack === id)),
    runs: runsOf(site),
    lanes: lanesByRun(chronicle),
    exhibits: new Map((site.exhibits ?? []).map((one) => [keyOfExhibit(one), one])),
  };
}

function rankOf({ support }: ReleaseView): number {
  if (!support) {
    return 2;
  }
  return support.headline.word === 'eol' ? 1 : 0;
}

/** Releases on which a scenario was green, by stack and scenario: what is red in one alone is red there only. */
function greensOf({ evidence }: Matrix): ReadonlyMap<string, readonly Observation[]> {
  return Map.groupBy(
    evidence.observations.filter(({ variant, basis }) => variant && basis !== 'userspace'),
    ({ cell }) => `${cell.stack}/${cell.scenario}`,
  );
}

function runsOf({ matrix, chronicle }: Site): readonly RunView[] {
  const notes = new Map(matrix.evidence.runs.map((note) => [note.id, note]));
  const told = new Map(chronicle.runs.map((run) => [run.id, run]));
  const ids = [...new Set([...notes.keys(), ...told.keys()])].filter(isFileName);
  return ids
    .map((id): RunView => {
      const [note, run] = [notes.get(id), told.get(id)];
      const startedAt = run?.startedAt ?? note?.startedAt ?? '';
      return { id, startedAt, ...(note && { note }), ...(run && { told: run }) };
    })
    .toSorted((a, b) => (`${a.startedAt} ${a.id}` < `${b.startedAt} ${b.id}` ? 1 : -1));
}
