import type { Row } from './row.ts';

const head = ['what', 'figure', 'against', 'ratio', 'limit'];

/** The table as people read it: columns as wide as what is in them, figures to three digits. Pure. */
export function table(rows: readonly Row[]): string {
  const lines = [head, ...rows.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const isNumber = (column: number) => column === 1 || column === 3;

  return lines
    .map((line) =>
      line
        .map((text, column) =>
          isNumber(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function cellsOf({ what, figure, unit, against = '', ratio, limit = '' }: Row): readonly string[] {
  return [what, `${digits(figure)} ${unit}`, against, ratio === undefined ? '' : `${digits(ratio)} ×`, limit];
}

function digits(figure: number): string {
  return figure >= 100 ? String(Math.round(figure)) : figure.toPrecision(3);
}
