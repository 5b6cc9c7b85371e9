import type { EvidenceLine } from '../domain/finding.ts';
import { oneLine } from '../domain/text.ts';

/** What lines are measured by. */
export interface LineSource {
  /** Of the failed cell, in order. */
  readonly own: readonly EvidenceLine[];
  /** Lines of the same release's control, and of the cell's last green: what both say means nothing. */
  readonly control?: readonly string[];
  readonly green?: readonly string[];
  /** The cell's time, in milliseconds since 1970. */
  readonly window?: { readonly from: number; readonly to: number };
  /** Ids of the cell's sandboxes; missing: not known, and lines of any count. */
  readonly sandboxes?: readonly string[];
  /** Processes of these sandboxes, and those of the container stack; missing: not known. */
  readonly pids?: readonly number[];
}

/** As many lines as can speak for a failure; a machine may say more. */
const most = 1000;

/** Characters of a line; what is longer says no more. */
const mostCharacters = 600;

/**

 */
export function countingLines(source: LineSource): readonly EvidenceLine[] {
  const usual = new Set([...(source.control ?? []), ...(source.green ?? [])].map(shapeOf));
  return source.own
    .filter(
      ({ text }) =>
        text.trim() !== '' &&
        isEnforced(text) &&
        isInTime(text, source.window) &&
        isOfSandbox(text, source.sandboxes) &&
        isOfProcess(text, source.pids) &&
        !usual.has(shapeOf(text)),
    )
    .slice(-most)
    .map((line) => ({ ...line, text: oneLine(line.text, mostCharacters) }));
}

/** A line without its time, its host, and all else that differs from one run of the same to the next. */
export function shapeOf(text: string): string {
  return oneLine(text, 4 * mostCharacters)
    .replace(/^\d{4}-\d\d-\d\d[T ]\S+ \S+ /, '')
    .replace(/^[A-Z][a-z]{2} [ \d]\d [\d:]{8} \S+ /, '')
    .replace(/^\[ *\d+\.\d+\] /, '')
    .replaceAll(/\baudit\([\d.:]+\)/g, 'audit(#)')
    .replaceAll(/\b0x[0-9a-f]+\b/gi, '#')
    .replaceAll(/\b(?=[0-9a-f-]*\d)[0-9a-f]{6,}(?:-[0-9a-f]+)*\b/gi, '#')
    .replaceAll(/\d+/g, '#')
    .trim();
}

/** What a security module would have denied, had it enforced, is no denial. */
function isEnforced(text: string): boolean {
  if (/\bavc: +denied\b/.test(text)) {
    return /\bpermissive=0\b/.test(text);
  }
  return !/\bapparmor="(?!DENIED)[A-Z]+"/.test(text);
}

function isInTime(text: string, window: LineSource['window']): boolean {
  const [stamp] =
    /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)/.exec(text.slice(0, 200)) ?? [];
  const at =
    stamp === undefined ? Number.NaN : Date.parse(withColon(stamp.replace(' ', 'T').replace(',', '.')));
  return !window || Number.isNaN(at) || (at >= window.from && at <= window.to);
}

/** `+0000`, as journalctl has it, is `+00:00` to `Date.parse`. */
function withColon(stamp: string): string {
  return stamp.replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
}

/** By the ids in paths and names that Kata makes: `sandbox-ID`, `/run/kata/ID/`, `sandboxes/ID/`. */
function isOfSandbox(text: string, sandboxes: LineSource['sandboxes']): boolean {
  const named = [
    ...text.matchAll(/(?:\bsandbox-|\/run\/(?:kata|vc\/vm|vc\/sbs)\/|\/sandboxes\/)([\w.-]+)/g),
  ].map(([, id = '']) => id);
  return !sandboxes || named.length === 0 || named.some((id) => sandboxes.includes(id));
}

/** By `name[PID]:` at the beginning, or `pid=PID`. */
function isOfProcess(text: string, pids: LineSource['pids']): boolean {
  const [, ofDaemon, ofAudit] = /\b[\w.-]+\[(\d+)\]: |\bpid=(\d+)\b/.exec(text) ?? [];
  const pid = ofDaemon ?? ofAudit;
  return !pids || pid === undefined || pids.includes(Number(pid));
}
