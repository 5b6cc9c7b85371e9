import { type KataLine, linesOf, placed } from './kata-cmdlines.ts';

/** What `query-hotpluggable-cpus` returns of a processor. */
export interface Processor {
  readonly type: string;
  readonly props: Readonly<Record<string, number>>;
  /** Where there is one already. */
  readonly 'qom-path'?: string;
}

/** A QMP command. */
export interface Command {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/**
 * The QMP commands by which Kata adds to a running QEMU: the first processor that is not there yet, then `plugs`.
 * Throws a TypeError for a `<name>` that has no place.
 */
export function plugsOf(
  line: KataLine,
  places: Readonly<Record<string, string>>,
  processors: readonly Processor[],
): readonly Command[] {
  const free = processors.find((processor) => processor['qom-path'] === undefined);
  const plugs = linesOf(line.plugs).map((command) => JSON.parse(placed(command, places)) as Command);
  return free ? [added(free, line.processor), ...plugs] : plugs;
}

function added({ type, props }: Processor, known: readonly string[]): Command {
  const told = known.filter((name) => props[name] !== undefined).map((name) => [name, props[name]]);
  return { execute: 'device_add', arguments: { driver: type, id: 'cpu-1', ...Object.fromEntries(told) } };
}

/** Commands as they are sent, one a line, after the greeting; each has as id what it does: `device_add pc-dimm`. */
export function requestsOf(commands: readonly Command[]): string {
  return [{ execute: 'qmp_capabilities' }, ...commands]
    .map((command) => `${JSON.stringify({ ...command, id: idOf(command) })}\n`)
    .join('');
}

function idOf({ execute, arguments: given }: Command): string {
  const what = given?.['driver'] ?? given?.['qom-type'] ?? given?.['type'];
  return what === undefined ? execute : `${execute} ${what}`;
}
