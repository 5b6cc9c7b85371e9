/** What is listed: the value for `--json`, and how people read it. */
export interface Listing {
  readonly value: readonly unknown[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** In place of the table, where one thing is shown in full. */
  readonly text?: string;
}

/** Columns as wide as their widest cell; the last is as long as it likes. */
export function table({ head, rows }: Listing): string {
  if (rows.length === 0) {
    return 'none\n';
  }

  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (cell || '–').padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();

  return `${[head, ...rows].map(line).join('\n')}\n`;
}
