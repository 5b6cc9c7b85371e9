import type { FreshExhibit } from '../domain/exhibit.ts';
import { exhibitText, type ShownLog } from '../report/exhibit-text.ts';
import { evidenceFolder, type TestedCell, testedStacks } from '../report/tested.ts';
import type { FoundRun } from './find-run.ts';
import { textBelow } from './read-excerpts.ts';

/** So many files of a red are published, of those that have anything in them. */
const mostFiles = 6;

/** What a run's folder shows of each of its reds: of a run that may be published, and texts of its folder through `redact`. */
export async function gatherExhibits(
  { run, folder }: Pick<FoundRun, 'run' | 'folder'>,
  redact: (text: string) => string,
): Promise<readonly FreshExhibit[]> {
  const reds = testedStacks(run)
    .flatMap(({ cells }) => cells)
    .filter(({ shown, result }) => (shown === 'failed' || shown === 'errored') && result);

  const exhibits: FreshExhibit[] = [];
  for (const tested of reds) {
    const { because = [], evidence = [] } = tested.result?.finding ?? {};
    const logs = await logsOf(folder, tested);
    exhibits.push({
      ...{ cell: tested.cell.id, run: run.id, because, evidence },
      ...(logs.length > 0 && { text: redact(exhibitText(run.id, tested, logs)) }),
    });
  }
  return exhibits;
}

/** What its last attempt left, then whatever else a line of evidence is from. */
async function logsOf(folder: string, tested: TestedCell): Promise<readonly ShownLog[]> {
  const { files = [], finding } = tested.result ?? {};
  const last = evidenceFolder(tested);
  const own = files.filter((file) => last !== undefined && file.startsWith(last)).toSorted(byWeight);
  const named = (finding?.evidence ?? []).map(({ file }) => file);

  const logs: ShownLog[] = [];
  for (const file of new Set([...own, ...named])) {
    const text = await textBelow(folder, file);
    if (logs.length < mostFiles && typeof text === 'string' && text.trim() !== '') {
      const lines = (finding?.evidence ?? []).filter((line) => line.file === file);
      logs.push({ file, text, speaking: lines.map(({ line }) => line) });
    }
  }
  return logs;
}

/** The transcript is what people read first, the console next. */
function byWeight(a: string, b: string): number {
  const weight = (file: string) => ['transcript.txt', 'console.log'].findIndex((end) => file.endsWith(end));
  const place = (file: string) => (weight(file) < 0 ? 2 : weight(file));
  return place(a) - place(b) || (a < b ? -1 : 1);
}
