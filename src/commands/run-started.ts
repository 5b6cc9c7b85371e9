import { type Distro, endOfLife } from '../domain/distro.ts';
import type { DistroFacts, HostFacts, Note } from '../domain/entry.ts';
import { againstLabel } from '../domain/kata.ts';
import { overlayWord } from '../domain/overlay.ts';
import { overlayWords } from '../install/overlay/parts.ts';
import { imageWords } from './add-image.ts';
import type { KataChoice } from './add-kata.ts';
import { type ShardChoice, shardWord } from './add-shard.ts';
import type { AgainstChoice } from './against-option.ts';
import type { MachineOptions, RunOptions, Selection } from './options.ts';
import { type OverlayOptions, overlayCommand } from './overlay-option.ts';
import type { Planned } from './planned.ts';
import { broughtSources, sourceWords } from './source-option.ts';
import { sshWords } from './ssh-option.ts';

/** The journal's first note. */
export function runStarted(
  run: string,
  host: HostFacts,
  { plan, distros }: Pick<Planned, 'plan' | 'distros'>,
  command: readonly string[],
  options: Pick<
    Selection & MachineOptions & RunOptions,
    keyof OverlayOptions | 'prepare' | 'prepareCold' | 'distros' | 'scenarios' | 'image' | 'source'
  >,
  inputs: Readonly<Record<string, string>>,
): Note {
  const modified = [
    ...overlayWords(options).map(overlayWord),
    ...(options.prepare ? [`--prepare ${options.prepare}`] : []),
    ...(options.prepareCold ? [`--prepare-cold ${options.prepareCold}`] : []),
    ...Object.entries(options.image ?? {})
      .filter(([release]) => !hasToBeBrought(release, distros))
      .map((one) => `--image ${one.join('=')}`),
    ...(options.distros ? [`--distros ${options.distros}`] : []),
    ...(options.scenarios ?? []).map((folder) => `--scenarios ${folder}`),
    // What is in a file of somebody's own nobody else can look up.
    ...broughtSources(options),
    // A build of somebody's own says nothing of the release whose version it has.
    ...(plan.katas ?? []).flatMap(({ label, source, trust, replaced }) => [
      ...(trust === 'local' ? [`${label === againstLabel ? '--against' : '--kata'} ${source}`] : []),
      ...replaced.map((piece) => `--replace ${piece}`),
    ]),
  ];
  return {
    type: 'run-started',
    v: 1,
    run,
    host,
    plan,
    distros: distros.map(factsOf),
    command,
    modified,
    inputs,
  };
}

/** What reports need to know of a release. */
export function factsOf(distro: Distro): DistroFacts {
  const eol = endOfLife(distro);
  const { id, title, notes, lifecycle } = distro;
  return { id, title, rolling: lifecycle.rolling, notes, ...(eol && { eol }) };
}

/** Whether a release's image can be had in no other way than from its user: that it was is no change to the release. */
function hasToBeBrought(release: string, distros: Planned['distros']): boolean {
  const { qemu, cloud } = distros.find(({ id }) => id === release)?.images ?? {};
  return !qemu && cloud !== undefined && cloud.url === undefined;
}

/** The words after `katafarm run` that repeat this run. */
export function repeatCommand(
  words: readonly string[],
  options: Selection & MachineOptions & RunOptions & ShardChoice,
): readonly string[] {
  return [
    ...words,
    ...(options.shard ? ['--shard', shardWord(options.shard)] : []),
    ...(options.stack ?? []).flatMap((id) => ['--stack', id]),
    ...(options.scenario ?? []).flatMap((glob) => ['--scenario', glob]),
    ...(options.distros ? ['--distros', options.distros] : []),
    ...(options.scenarios ?? []).flatMap((folder) => ['--scenarios', folder]),
    ...(options.bundled === false ? ['--no-bundled'] : []),
    ...(options.provider ? ['--provider', options.provider] : []),
    ...(options.accel === 'auto' ? [] : ['--accel', options.accel]),
    ...(options.mirror ? ['--mirror', withoutSecrets(options.mirror)] : []),
    ...Object.entries(options.imageMirror ?? {}).flatMap(([from, to]) => [
      '--image-mirror',
      `${withoutSecrets(from)}=${withoutSecrets(to)}`,
    ]),
    ...(options.allowExpiredMirror ? ['--allow-expired-mirror'] : []),
    ...(options.prepare ? ['--prepare', options.prepare] : []),
    ...(options.prepareCold ? ['--prepare-cold', options.prepareCold] : []),
    ...sshWords(options),
    ...imageWords(options),
    ...overlayCommand(options),
    ...sourceWords(options),
    ...kataWords(options),
  ];
}

/** As they can be typed again, on this host. */
function kataWords({ kata, replace, against, trustFirst }: KataChoice & AgainstChoice): readonly string[] {
  return [
    ...(replace ?? []).flatMap(({ piece, path }) => ['--replace', `${piece}=${path}`]),
    ...(trustFirst ? ['--trust-first'] : []),
    ...(kata ?? []).flatMap(({ label, source }) => [
      '--kata',
      label === undefined ? source : `${label}=${source}`,
    ]),
    ...(against ? ['--against', against] : []),
  ];
}

/** A journal is shown to others: a mirror's user and password stay out of it. */
function withoutSecrets(url: string): string {
  return url.replace(/(?<=:\/\/)[^/?#]*@/, '');
}
