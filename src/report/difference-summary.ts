import type { Differences } from '../domain/difference.ts';

/** What is folded away: `3 cells are red on both, 12 cells are green on both`. Empty where nothing is. */
export function foldedOf({ all }: Pick<Differences, 'all'>): string {
  const red = all.filter(({ kind }) => kind === 'still-red').length;
  const same = all.filter(({ kind }) => kind === 'same');
  const green = same.filter(({ run }) => run?.status === 'passed').length;
  const skipped = same.length - green;
  return [
    ...(red > 0 ? [`${counted(red)} red on both`] : []),
    ...(green > 0 ? [`${counted(green)} green on both`] : []),
    ...(skipped > 0 ? [`${counted(skipped)} not run on either side`] : []),
  ].join(', ');
}

/** What it comes to: `1 new failure in 13 cells compared`. */
export function verdictOn({ counts, compared }: Pick<Differences, 'counts' | 'compared'>): string {
  if (compared === 0) {
    return 'nothing could be compared: no cell has a verdict on both sides';
  }
  const { 'new-red': red, 'new-known': known, 'not-comparable': open, new: fresh, gone } = counts;
  const notRun = counts['not-run'];
  const news = red === 0 ? 'no new failure' : `${red} new failure${red === 1 ? '' : 's'}`;
  return [
    `${news} in ${compared} cell${compared === 1 ? '' : 's'} compared`,
    ...(known > 0 ? [`${known} ${known === 1 ? 'is' : 'are'} new, and known`] : []),
    ...(open > 0 ? [`${open} could not be`] : []),
    ...(fresh > 0 ? [`${fresh} ${fresh === 1 ? 'is' : 'are'} new`] : []),
    ...(gone > 0 ? [`${gone} ${gone === 1 ? 'is' : 'are'} gone`] : []),
    ...(notRun > 0 ? [`${notRun} ${notRun === 1 ? 'was' : 'were'} not run on one side`] : []),
  ].join('; ');
}

const counted = (count: number) => `${count} cell${count === 1 ? ' is' : 's are'}`;
