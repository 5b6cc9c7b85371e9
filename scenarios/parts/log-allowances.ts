import type { InstalledStack } from '../../src/domain/installed-kata.ts';

export const logSources = ['kata', 'containerd', 'kernel', 'denials'] as const;
export type LogSource = (typeof logSources)[number];

/** A complaint that says nothing of a distro, and why. */
export interface LogAllowance {
  readonly source: LogSource;
  readonly pattern: RegExp;
  /** Only by this runtime; by both unless given. */
  readonly runtime?: InstalledStack['runtime'];
  readonly reason: string;
}

export const logAllowances: readonly LogAllowance[] = [];

/** The lines of a log that no allowance explains. */
export function unexplained(
  source: LogSource,
  log: string,
  runtime: InstalledStack['runtime'],
  allowances: readonly LogAllowance[] = logAllowances,
): readonly string[] {
  const meant = allowances.filter(
    (one) => one.source === source && (one.runtime === undefined || one.runtime === runtime),
  );
  return log
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !meant.some(({ pattern }) => pattern.test(line)));
}
