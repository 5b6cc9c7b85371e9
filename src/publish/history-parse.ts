import type { CellId } from '../domain/cell.ts';
import type { ChronicleRun, Lane, NightState, Red, RedId, Spell, Strip } from '../domain/chronicle.ts';
import { bases } from '../domain/evidence.ts';
import { damaged, historyLines, type Line, spellsIn, textIn, textsIn, wordIn } from './history-lines.ts';

/** Reads `runs.jsonl`. Throws a UserError, as all here, that names the line which is not as it was written. */
export function parseRuns(text: string, file: string): readonly ChronicleRun[] {
  return historyLines(text, file).rest.map((line): ChronicleRun => {
    const { host, cut } = line.value;
    if (typeof host !== 'object' || host === null) {
      throw damaged(line.place, '"host" is no set of facts');
    }
    return {
      id: textIn(line, 'run'),
      ...{ startedAt: timeIn(line, 'startedAt'), until: timeIn(line, 'until') },
      host: host as ChronicleRun['host'],
      ...{ command: textsIn(line, 'command'), katas: textsIn(line, 'katas') },
      ...(cut === true && { cut }),
    };
  });
}

/** Reads `reds.jsonl`. */
export function parseReds(text: string, file: string): Readonly<Record<RedId, Red>> {
  const reds = historyLines(text, file).rest.map((line) => {
    textIn(line, 'message');
    const { red: _, ...rest } = line.value;
    return [textIn(line, 'red'), rest as unknown as Red] as const;
  });
  return Object.fromEntries(reds);
}

/** What a release's file leans on. */
export interface Known {
  readonly runs: ReadonlySet<string>;
  readonly reds: ReadonlySet<RedId>;
}

/** Reads a release's file. */
export function parseLanes(text: string, file: string, known: Known): readonly Lane[] {
  const { head, rest } = historyLines(text, file);
  const release = textIn(head, 'release');
  const begins = rest.flatMap(({ value }, index) => ('lane' in value ? [index] : []));
  if (begins[0] !== 0 && rest.length > 0) {
    throw damaged(rest[0]?.place ?? file, 'it belongs to no lane');
  }
  return begins.flatMap((begin, index) => {
    const [first, ...own] = rest.slice(begin, begins[index + 1]);
    return first ? [laneIn(first, own, release, known)] : [];
  });
}

function laneIn(head: Line, own: readonly Line[], release: string, known: Known): Lane {
  const kindOf = ({ value }: Line) => ['run', 'versions', 'cell'].find((key) => key in value);
  const stranger = own.find((line) => kindOf(line) === undefined);
  if (stranger) {
    throw damaged(stranger.place, 'it tells of no run, versions or cell');
  }

  const runs = new Map<string, number>();
  for (const line of own.filter((one) => kindOf(one) === 'run')) {
    const run = textIn(line, 'run');
    if (!known.runs.has(run) || runs.has(run)) {
      throw damaged(
        line.place,
        `run ${JSON.stringify(run)} is ${runs.has(run) ? 'there twice' : 'not in runs.jsonl'}`,
      );
    }
    runs.set(run, Number(line.value['seconds']) || 0);
  }
  const versions = own
    .filter((one) => kindOf(one) === 'versions')
    .map(
      (line) =>
        [textIn(line, 'versions'), counted(line, runs.size, ([, version]) => String(version))] as const,
    );
  return {
    release,
    variant: wordIn(head, 'lane', ['qemu:built', 'qemu:cloud', 'docker', 'ssh']),
    basis: wordIn(head, 'basis', bases),
    ...{ runs: [...runs.keys()], seconds: [...runs.values()] },
    versions: Object.fromEntries(versions),
    strips: own
      .filter((one) => kindOf(one) === 'cell')
      .map((line) => stripIn(line, release, runs.size, known)),
  } as Lane;
}

function stripIn(line: Line, release: string, runs: number, { reds }: Known): Strip {
  const cell = textIn(line, 'cell');
  if (!cell.startsWith(`${release}/`) || cell.split('/').length !== 3) {
    throw damaged(line.place, `${JSON.stringify(cell)} is no cell of ${release}`);
  }
  const spells = counted(line, runs, ([, status, red]): NightState => {
    const state = statuses.find((one) => one === status);
    if (!state || (red !== undefined && !reds.has(String(red)))) {
      throw damaged(
        line.place,
        state ? `red ${String(red)} is not in reds.jsonl` : `nothing ends as ${String(status)}`,
      );
    }
    return { status: state, ...(red !== undefined && { red: String(red) }) };
  });
  const kata = line.value['kata'];
  return { cell: cell as CellId, ...(typeof kata === 'string' && { kata }), spells };
}

const statuses = [
  ...(['passed', 'flaky', 'failed', 'errored', 'blocked', 'skipped', 'missing', 'absent'] as const),
] satisfies readonly NightState['status'][];

function counted<T>(
  line: Line,
  runs: number,
  read: (spell: readonly [number, ...unknown[]]) => T,
): readonly Spell<T>[] {
  const spells = spellsIn(line, runs);
  return spells.map((spell, index) => ({
    value: read(spell),
    count: (spells[index + 1]?.[0] ?? runs) - spell[0],
  }));
}

function timeIn(line: Line, key: string): string {
  const time = textIn(line, key);
  if (Number.isNaN(Date.parse(time))) {
    throw damaged(line.place, `"${key}" is no time`);
  }
  return time;
}
