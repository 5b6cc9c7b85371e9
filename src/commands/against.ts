import { differencesToBase } from '../domain/against.ts';
import { againstLabel } from '../domain/kata.ts';
import { outcomeOf, type Run } from '../domain/run.ts';
import { needsKata } from '../domain/scenario.ts';
import type { Sides } from '../report/difference-sections.ts';
import { differencesPage, differencesText } from '../report/differences.ts';
import { kataTitle } from '../report/kata-words.ts';
import type { Artifact } from '../report/report.ts';
import { endingOf } from '../report/tested.ts';
import { pointersIn } from './pointers.ts';

/** A run with `--against`, told: nothing but the differences, on the console and as a page. */
export function toldAgainst(
  run: Run,
  place: string,
  paper: { readonly color: boolean; readonly columns: number },
): { readonly text: string; readonly artifacts: readonly Artifact[] } {
  const differences = differencesToBase(run);
  const sides: Sides = {
    title: `run ${run.id}: what differs from the base`,
    base: kataOf(run, againstLabel),
    run: kataOf(run, undefined),
    pointersOf: pointersIn(run, place),
  };
  const notes = notesOf(run);
  return {
    text: `${differencesText(differences, sides, { notes }, paper)}everything is in ${place || '.'}/: differences.md, and summary.md for all cells\n`,
    artifacts: differencesPage(differences, { ...sides, pointersOf: pointersIn(run, '.') }, { notes }),
  };
}

/** What says nothing of either Kata, and yet has to be known. */
function notesOf(run: Run): readonly string[] {
  const others = run.plan.batches
    .flatMap(({ cells }) => cells)
    .filter(({ scenario }) => !needsKata({ id: scenario }));
  const red = others.filter(({ id }) => outcomeOf(run, id)?.status === 'failed').length;
  const ending = endingOf(run);
  return [
    ...(ending ? [`this run was ${ending}`] : []),
    ...(red > 0
      ? [
          `${red} cell${red === 1 ? ' that has' : 's that have'} no Kata (host, control, vmm) failed, which is neither Kata's difference: summary.md`,
        ]
      : []),
  ];
}

function kataOf({ plan: { katas = [] } }: Run, label: string | undefined): string {
  const build = katas.find((one) => one.label === label);
  return build ? `Kata ${kataTitle(build)}` : 'none';
}
