import { relative } from 'node:path';
import { comparedIn } from '../domain/compared.ts';
import { type Differences, differencesOf } from '../domain/difference.ts';
import { exitCodeBeside } from '../domain/exit-code.ts';
import type { Run } from '../domain/run.ts';
import { overlayWords } from '../install/overlay/parts.ts';
import { writeArtifacts } from '../publish/write-artifacts.ts';
import type { Sides } from '../report/difference-sections.ts';
import { differencesPage, differencesText } from '../report/differences.ts';
import { junitBeside } from '../report/junit.ts';
import { overlayNotes } from '../report/overlay-notes.ts';
import { endingOf } from '../report/tested.ts';
import { baseOf } from './base-run.ts';
import type { Context } from './context.ts';
import { tellShortfall } from './exit-of-run.ts';
import { perform } from './perform.ts';
import { pointersIn } from './pointers.ts';
import type { Options, Sitting } from './sitting.ts';
import { shownIn } from './view/shown.ts';
import { addToStepSummary } from './view/step-summary.ts';

/** Makes a run without its overlay and with it, on the same images, and tells what differs. */
export async function compareOverlay(
  context: Context,
  words: readonly string[],
  sitting: Sitting,
  options: Options,
): Promise<void> {
  const { GITHUB_STEP_SUMMARY: _page, ...env } = context.env;
  // One command, one summary: neither run tells its own.
  const hushed = { ...context, env, out: () => {} };
  const base = await baseOf(hushed, words, options, sitting);
  if (context.signal.aborted) {
    return;
  }
  if (base.interrupted !== undefined) {
    context.err(
      `katafarm: nothing is compared, as the run without the overlay was ended by ${base.interrupted}\n`,
    );
    context.exit(3);
    return;
  }
  const images = new Map(
    [...base.batchFacts].flatMap(([id, facts]) => {
      const digest = facts['image.digest'];
      return digest === undefined ? [] : [[id, { 'image.digest': digest }] as const];
    }),
  );
  const run = await perform(options.json ? { ...context, env } : hushed, { ...sitting, images }, options);
  if (!context.signal.aborted) {
    await tell(context, base, run, sitting, options);
  }
}

async function tell(
  context: Context,
  base: Run,
  run: Run,
  { folder }: Sitting,
  options: Options,
): Promise<void> {
  const differences = differencesOf(comparedIn(base), comparedIn(run));
  const place = relative(context.cwd, folder);
  const sides: Sides = {
    title: `run ${run.id}: what the overlay changes`,
    base: `${base.id}, the release as it is`,
    run: `${run.id}, with ${overlayWords(options).join(', ')}`,
    pointersOf: pointersIn(run, place),
  };
  const notes = [...overlayNotes(run), ...endings(base, run), ...reds(differences)];
  const page = differencesPage(differences, { ...sides, pointersOf: pointersIn(run, '.') }, { notes });
  await writeArtifacts(folder, [...page, ...junitBeside(run, differences)]);
  await addToStepSummary(context.env, page[0]?.text ?? '', `${place}/differences.md`);

  const code = exitCodeBeside(differences, run, options);
  tellShortfall(context, run, options);
  context.exit(code);
  if (options.json || (options.quiet && code === 0)) {
    return;
  }
  const { color } = context.terminal;
  const text = differencesText(differences, sides, { notes }, { color, columns: 0 });
  shownIn(context).out(
    `${text}everything is in ${place || '.'}/: differences.md, and summary.md for all cells\n`,
  );
}

function endings(base: Run, run: Run): readonly string[] {
  return [base, run].flatMap((one) => {
    const ending = endingOf(one);
    return ending ? [`${one.id} was ${ending}`] : [];
  });
}

/** What is red without the overlay is nothing that it did, and can't show what it does. */
function reds({ all }: Differences): readonly string[] {
  const red = all.filter(({ base }) => base?.status === 'failed').length;
  return red > 0
    ? [
        `${red} cell${red === 1 ? ' is' : 's are'} red without the overlay, and can't show whether it breaks them`,
      ]
    : [];
}
