import { printOf } from './anchor.ts';
import { brief, briefFinding } from './brief.ts';
import type { Cell } from './cell.ts';
import { type Basis, basisNamed, type Evidence, type Observation, type RunNote } from './evidence.ts';
import { kataOf, knownBehind } from './excused.ts';
import { packagesOf } from './packages.ts';
import type { Batch } from './plan.ts';
import type { Run } from './run.ts';
import { needsKata } from './scenario.ts';
import { oneLine } from './text.ts';

/** What a run showed, as far as it is published. */
export function evidenceOf(run: Run): Evidence {
  const { id, startedAt, host, distros } = run;
  const command = portable(run.command);
  const ran = run.plan.batches.flatMap((batch) => batch.cells.map((cell) => observe(run, batch, cell)));
  const hadKata = (run.plan.katas ?? []).length > 0;
  const told = run.plan.skipped.filter(({ cell }) => hadKata || !needsKata({ id: cell.scenario }));
  const skipped = told.map(
    ({ cell, because }): Observation => ({
      cell: bare(cell),
      run: id,
      basis: 'none',
      at: startedAt,
      outcome: { status: 'skipped', because: oneLine(because) },
      attempts: [],
      facts: {},
    }),
  );

  const executed = ran.filter(({ outcome }) => outcome?.status === 'passed' || outcome?.status === 'failed');
  const note: RunNote = {
    ...{ id, startedAt, host, distros, command },
    executed: executed.length,
    packages: packagesOf(run),
    ...(run.knownIssues && { knownIssues: run.knownIssues }),
  };
  return { runs: [note], observations: [...ran, ...skipped] };
}

/** A mirror is its host's, and nothing that a verdict rests on; so is the folder that a source lay in. */
function portable(command: readonly string[]): readonly string[] {
  return command
    .map((word, index) => (command[index - 1] === '--source' ? word.replace(/=(?!https?:).*\//, '=') : word))
    .filter((word, index) => word !== '--mirror' && command[index - 1] !== '--mirror');
}

function observe(run: Run, batch: Batch, cell: Cell): Observation {
  const result = run.results.get(cell.id);
  const attempts = (result?.attempts ?? []).flatMap(({ outcome }) => (outcome ? [outcome.status] : []));
  const kata = kataOf(run, cell);
  const template = templateOf(run, batch);
  const known = knownBehind(run, batch, cell).map(({ id }) => id);
  const host = ownHost(run, result?.shard);

  return {
    cell: bare(cell),
    run: run.id,
    ...(kata !== undefined && { kata }),
    variant: batch.variant,
    basis: basisOf(batch, run.batchFacts.get(batch.id)?.['speed']),
    at: result?.endedAt ?? run.endedAt ?? run.startedAt,
    ...(result?.outcome && { outcome: brief(result.outcome) }),
    attempts,
    facts: result?.facts ?? {},
    ...(template !== undefined && { template }),
    ...(host && { host }),
    ...(result?.finding && { finding: briefFinding(result.finding) }),
    ...(known.length > 0 && { known }),
  };
}

/** The host of a shard, where the shards of a run were on several. */
function ownHost({ shards }: Run, index: number | undefined): Observation['host'] {
  const prints = (shards?.came ?? []).map(({ host }) => JSON.stringify(printOf(host)));
  const own = shards?.came.find((shard) => shard.index === index);
  return new Set(prints).size > 1 && own ? printOf(own.host) : undefined;
}

/** What the machines of a batch are made from, as far as it is known: an image by its age and digest. */
function templateOf(run: Run, batch: Batch): string | undefined {
  const { 'image.built': built, 'image.digest': digest } = run.batchFacts.get(batch.id) ?? {};
  if (digest === undefined) {
    return undefined;
  }
  const short = String(digest)
    .replace(/^sha256:/, '')
    .slice(0, 12);
  return built === undefined ? short : `${built}/${short}`;
}

function basisOf(batch: Batch, speed: string | number | undefined): Basis {
  return batch.variant === 'docker' ? 'userspace' : basisNamed(speed);
}

/** A planned cell without what only the runner needs. */
function bare({ id, distro, stack, scenario, kata }: Cell): Cell {
  return { id, distro, stack, ...(kata !== undefined && { kata }), scenario };
}
