import type { Run } from '../domain/run.ts';
import { needsKata } from '../domain/scenario.ts';
import { answerOf } from './answer.ts';
import { shellWords } from './shell-words.ts';
import type { TestedCell } from './tested.ts';
import { commandOf, katafarmOf, repeatOf, shellOf } from './words.ts';

/** Something to type, and what for. */
export interface NextStep {
  readonly what: string;
  readonly command: string;
}

/** What can be done about a cell next; `folder` is its run's. */
export function nextSteps(run: Run, tested: TestedCell, folder: string): readonly NextStep[] {
  const { cell, outcome, result } = tested;
  const again = { what: 'run it again', command: repeatOf(cell, run.command) };
  const of = (verb: string, id: string) => katafarmOf([verb, id, '--run', folder]);
  const lookIn =
    result?.facts['kept'] === undefined
      ? { what: 'a machine like it', command: machineOf(run, tested) }
      : { what: 'go into its machine', command: shellOf(folder, cell.id) };

  const answer = answerOf(tested);
  switch (answer) {
    case 'named':
      return [
        { what: 'a report for those who can mend it', command: of('bug', cell.id) },
        lookIn,
        { what: 'try more', command: of('investigate', cell.id) },
        again,
      ];
    case 'unknown':
    case 'undiagnosed':
      return [
        { what: 'try more', command: of('investigate', cell.id) },
        lookIn,
        { what: 'what is known, to ask others', command: of('bug', cell.id) },
        again,
      ];
    case 'errored':
      return [{ what: 'what this host lacks', command: katafarmOf(['doctor']) }, lookIn, again];
    case 'blocked':
      return outcome?.status === 'blocked'
        ? [{ what: 'what it rests on', command: of('explain', outcome.by) }, again]
        : [again];
    case 'missing':
      return [{ what: 'go on with the run', command: commandOf(['--resume', folder]) }, again];
    case 'skipped':
    case 'flaky':
      return [again];
    case 'green':
      return [];
    default:
      return answer satisfies never;
  }
}

/** A pristine machine, changed as the cell's was: its packages, its script, and the same Kata in it where the cell needs one. */
function machineOf(run: Run, { cell }: TestedCell): string {
  const kata = run.plan.katas?.find(({ label }) => label === cell.kata);
  const replaced = kata?.replaced.flatMap((piece) => ['--replace', piece]) ?? [];
  const withKata = kata && needsKata({ id: cell.scenario }) ? ['--kata', kata.source, ...replaced] : [];
  return katafarmOf(['shell', cell.distro, ...shellWords(run.command), ...withKata]);
}
