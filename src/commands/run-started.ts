import { endOfLife } from '../domain/distro.ts';
import type { HostFacts, Note } from '../domain/entry.ts';
import type { MachineOptions, RunOptions, Selection } from './options.ts';
import type { Planned } from './planned.ts';

/** The journal's first note. */
export function runStarted(
  run: string,
  host: HostFacts,
  { plan, distros }: Planned,
  command: readonly string[],
  prepare: string | undefined,
): Note {
  const facts = distros.map((distro) => {
    const eol = endOfLife(distro);
    const { id, title, notes, lifecycle } = distro;
    return { id, title, rolling: lifecycle.rolling, notes, ...(eol && { eol }) };
  });
  const modified = prepare ? [`--prepare ${prepare}`] : [];
  return { type: 'run-started', v: 1, run, host, plan, distros: facts, command, modified };
}

/** The words after `katafarm run` that repeat this run. */
export function repeatCommand(
  words: readonly string[],
  options: Selection & MachineOptions & RunOptions,
): readonly string[] {
  return [
    ...words,
    ...(options.stack ?? []).flatMap((id) => ['--stack', id]),
    ...(options.scenario ?? []).flatMap((glob) => ['--scenario', glob]),
    ...(options.accel === 'auto' ? [] : ['--accel', options.accel]),
    ...(options.allowExpiredMirror ? ['--allow-expired-mirror'] : []),
    ...(options.prepare ? ['--prepare', options.prepare] : []),
    ...['--kata', options.kata],
  ];
}
