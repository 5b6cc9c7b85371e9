import { oneLine } from '../domain/text.ts';
import { meaningOf, shadeOf, type Try } from '../domain/truth-table.ts';

/** A table of tries for people, and what it means. `cell` was red in `run`, with `kata` where it is about one, and said `because`. */
export function truthTableText(
  {
    cell,
    run,
    kata,
    because,
  }: { readonly cell: string; readonly run: string; readonly kata?: string; readonly because: string },
  tries: readonly Try[],
): string {
  const withKata = kata === undefined ? '' : ` (Kata ${oneLine(kata)})`;
  const head = { what: `as it was in ${run}${withKata}`, word: 'red', said: because };
  const rows = [
    head,
    ...tries.map((one) => ({ what: oneLine(one.what), word: wordOf(one), said: saidOf(one) })),
  ];
  const width = Math.max(...rows.map(({ what }) => what.length));
  const lines = rows.map(({ what, word, said }) =>
    `  ${what.padEnd(width)}  ${word.padEnd(8)}  ${oneLine(said)}`.trimEnd(),
  );
  const meaning = meaningOf(tries).map((sentence) => `  ${sentence}`);
  return `${[cell, ...lines, '', 'What it means', ...meaning].join('\n')}\n`;
}

function wordOf(one: Try): string {
  if (one.run === undefined) {
    return '–';
  }
  const shade = shadeOf(one);
  if (shade !== 'open') {
    return shade;
  }
  return one.outcome?.status === 'passed' ? 'flaky' : (one.outcome?.status ?? 'no end');
}

function saidOf({ cannot, run, outcome }: Try): string {
  if (run === undefined) {
    return cannot ?? '';
  }
  switch (outcome?.status) {
    case 'failed':
    case 'errored':
      return `${run}: ${outcome.message}`;
    case 'blocked':
      return `${run}: blocked by ${outcome.by}`;
    case 'skipped':
      return `${run}: ${outcome.because}`;
    default:
      return run;
  }
}
