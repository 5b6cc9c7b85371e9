/** A row of `ctr plugins ls`. */
export interface Plugin {
  readonly type: string;
  readonly id: string;
  /** `ok`, `skip` or `error`. */
  readonly status: string;
}

/** The rows of `ctr plugins ls`: type, id, platforms, status. */
export function pluginsIn(table: string): readonly Plugin[] {
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns.length >= 4 && columns[0]?.startsWith('io.containerd.'))
    .map((columns) => ({ type: columns[0] ?? '', id: columns[1] ?? '', status: columns.at(-1) ?? '' }));
}
