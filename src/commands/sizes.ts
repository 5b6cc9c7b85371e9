const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size as people read it: `1.2 GiB`, `512 B`. */
export function size(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

const dayMs = 86_400_000;

/** How long ago something was, as people read it: `3 h`, `12 d`. Both in ISO 8601 or as a Date. */
export function ago(then: string, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - Date.parse(then)) / 60_000));
  if (minutes < 60) {
    return `${minutes} min`;
  }
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round((minutes * 60_000) / dayMs)} d`;
}
