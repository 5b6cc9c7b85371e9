import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectedMs, type History, historyOf, phasesMs } from '../domain/history.ts';
import type { Plan } from '../domain/plan.ts';
import { type Run, replay } from '../domain/run.ts';
import { parseJournal } from '../journal/parse.ts';
import type { Expected } from '../report/time-left.ts';

/** So many of the newest runs are read: enough for every release to be among them, few enough to be read at once. */
const newest = 20;

/** What the newest runs below a folder let expect, those that count. A journal that can't be read tells nothing. */
export async function loadHistory(
  out: string,
  except: string,
  counts: (run: Run) => boolean = () => true,
): Promise<History> {
  // A run's id begins with its time; what else lies there is none.
  const ids = (await readdir(out).catch(() => [])).filter((id) => /^\d{8}-\d{6}-/.test(id) && id !== except);
  const runs = await Promise.all(
    ids
      .toSorted()
      .slice(-newest)
      .map((id) => runIn(join(out, id))),
  );
  return historyOf(runs.flatMap((run) => (run && counts(run) ? [run] : [])));
}

/** The same, as whoever watches a run asks for it. */
export function expectedFrom(history: History, { batches }: Pick<Plan, 'batches'>): Expected {
  const cells = new Map(batches.flatMap((batch) => batch.cells.map((cell) => [cell.id, cell] as const)));
  return {
    cellMs: (id) => {
      const cell = cells.get(id);
      return cell && expectedMs(history, cell);
    },
    phaseMs: (batch, phase) => phasesMs(history, batch, [phase]),
  };
}

async function runIn(folder: string): Promise<Run | undefined> {
  try {
    return replay(parseJournal(await readFile(join(folder, 'journal.jsonl'), 'utf8')));
  } catch {
    return undefined;
  }
}
