import { endOfLife } from '../domain/distro.ts';
import type { HostFacts, Note } from '../domain/entry.ts';
import type { KataChoice } from './add-kata.ts';
import type { MachineOptions, RunOptions, Selection } from './options.ts';
import type { Planned } from './planned.ts';

/** The journal's first note. */
export function runStarted(
  run: string,
  host: HostFacts,
  { plan, distros }: Pick<Planned, 'plan' | 'distros'>,
  command: readonly string[],
  options: Pick<Selection & RunOptions, 'prepare' | 'distros' | 'scenarios'>,
  inputs: Readonly<Record<string, string>>,
): Note {
  const facts = distros.map((distro) => {
    const eol = endOfLife(distro);
    const { id, title, notes, lifecycle } = distro;
    return { id, title, rolling: lifecycle.rolling, notes, ...(eol && { eol }) };
  });
  const modified = [
    ...(options.prepare ? [`--prepare ${options.prepare}`] : []),
    ...(options.distros ? [`--distros ${options.distros}`] : []),
    ...(options.scenarios ?? []).map((folder) => `--scenarios ${folder}`),
    // A build of somebody's own says nothing of the release whose version it has.
    ...(plan.katas ?? []).flatMap(({ source, trust, replaced }) => [
      ...(trust === 'local' ? [`--kata ${source}`] : []),
      ...replaced.map((piece) => `--replace ${piece}`),
    ]),
  ];
  return { type: 'run-started', v: 1, run, host, plan, distros: facts, command, modified, inputs };
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
    ...(options.distros ? ['--distros', options.distros] : []),
    ...(options.scenarios ?? []).flatMap((folder) => ['--scenarios', folder]),
    ...(options.provider ? ['--provider', options.provider] : []),
    ...(options.accel === 'auto' ? [] : ['--accel', options.accel]),
    ...(options.mirror ? ['--mirror', withoutSecrets(options.mirror)] : []),
    ...(options.allowExpiredMirror ? ['--allow-expired-mirror'] : []),
    ...(options.prepare ? ['--prepare', options.prepare] : []),
    ...kataWords(options),
  ];
}

/** As they can be typed again, on this host. */
function kataWords({ kata, replace, trustFirst }: KataChoice): readonly string[] {
  return [
    ...(replace ?? []).flatMap(({ piece, path }) => ['--replace', `${piece}=${path}`]),
    ...(trustFirst ? ['--trust-first'] : []),
    ...(kata ?? []).flatMap(({ label, source }) => [
      '--kata',
      label === undefined ? source : `${label}=${source}`,
    ]),
  ];
}

/** A journal is shown to others: a mirror's user and password stay out of it. */
function withoutSecrets(url: string): string {
  return url.replace(/(?<=:\/\/)[^/?#]*@/, '');
}
