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

export const logAllowances: readonly LogAllowance[] = [
  {
    source: 'kata',
    pattern: /^run_io_copy\[Stdin\]: failed to shutdown: /,
    runtime: 'rust',
    reason:
      'the shim closes the input of a process that has ended already (runtimes/virt_container/src/container_manager/process.rs)',
  },
  {
    source: 'kata',
    pattern: /agent health check: check health$|^failed to receive stop monitor signal$/,
    runtime: 'rust',
    reason:
      "every 30 s the shim looks at the agent, also between a container's end and its removal (runtimes/virt_container/src/health_check.rs)",
  },
];

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
