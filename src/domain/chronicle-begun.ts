import { type Chronicle, type ChronicleRun, type Lane, noChronicle, type Red } from './chronicle.ts';
import { mergeChronicles } from './chronicle-merge.ts';
import { redIn } from './chronicle-of.ts';
import type { Evidence } from './evidence.ts';
import { laneOf, type Seen } from './lane-of.ts';
import { nightsIn } from './nights.ts';
import { redIdOf } from './red-id.ts';

/**
 * What a matrix that was published before there was any history still tells of it: its newest nights, and what was said in
 * those whose observations it has kept. How long they took it doesn't tell.
 */
export function chronicleIn(evidence: Evidence): Chronicle {
  const { nights = [], runs, observations } = evidence;
  const said = new Map(observations.map((one) => [`${one.run} ${one.cell.id} ${one.variant}`, one]));
  const notes = new Map(runs.map((note) => [note.id, note]));
  const reds: Record<string, Red> = {};
  const told = nights.flatMap((own) =>
    nightsIn(own).map((night) => {
      const observation = said.get(`${night.run} ${own.cell} ${own.variant}`);
      const red = observation && redIn(observation);
      const id = red && redIdOf(red);
      if (red && id) {
        reds[id] = red;
      }
      const seen: Seen = {
        cell: own.cell,
        ...(own.kata !== undefined && { kata: own.kata }),
        state: { status: night.status, ...(id && { red: id }) },
      };
      return { ...own, night, seen, release: own.cell.slice(0, own.cell.indexOf('/')) as Lane['release'] };
    }),
  );

  const lanes = [
    ...Map.groupBy(told, ({ night, release, variant, basis }) =>
      [night.run, release, variant, basis].join(' '),
    ).values(),
  ].flatMap((same) => {
    const [first] = same;
    if (!first) {
      return [];
    }
    const { release, variant, basis, night } = first;
    const kata = same.find((one) => one.kata !== undefined)?.kata;
    const image = night.template.split('/').at(-1) ?? '-';
    const versions = {
      ...notes.get(night.run)?.packages?.[release],
      ...(image !== '-' && { image }),
      ...(kata !== undefined && { Kata: kata }),
    };
    const cells = same.map(({ seen }) => seen);
    return [laneOf({ run: night.run, release, variant, basis, seconds: 0, versions, cells })];
  });

  const heads = [...Map.groupBy(told, ({ night }) => night.run)].map(([id, same]): ChronicleRun => {
    const times = same.map(({ night }) => night.at).toSorted();
    const { startedAt = times[0] ?? '', host = {}, command = [] } = notes.get(id) ?? {};
    const katas = [...new Set(same.flatMap(({ kata }) => kata ?? []))].toSorted();
    return { id, startedAt, until: times.at(-1) ?? startedAt, host, command, katas };
  });
  return mergeChronicles([noChronicle, { runs: heads, lanes, reds }]);
}
