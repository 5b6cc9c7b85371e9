import { isPackaged } from '../../domain/claim.ts';
import type { Distro } from '../../domain/distro.ts';
import type { Part } from '../../domain/stack.ts';
import { escaped, verbatim } from '../markdown-text.ts';
import { type Build, buildsOf } from './builds.ts';
import { partTitles } from './claims.ts';
import type { Docs } from './docs.ts';

const buildable: readonly Part[] = ['qemu', 'cloud-hypervisor', 'firecracker', 'virtiofsd'];

/** More than any build has: the commands of one are a screenful. */
const mostLines = 60;

/** What a user has to build there, and how. A command is shown only where a scenario ran it, to a good end. */
export function buildSection(distro: Distro, { matrix }: Pick<Docs, 'matrix'>): string {
  const lacking = buildable.filter((part) => !isPackaged(distro.parts[part]));
  const builds = buildsOf(distro, matrix);
  if (lacking.length === 0 && builds.length === 0) {
    return '';
  }
  const untried = lacking.filter((part) => !builds.some((build) => build.part === part));
  return [
    '## To be built',
    ...(lacking.length > 0 ? [`No package is known of: ${namesOf(lacking)}.`] : []),
    ...builds.map(entry),
    ...(untried.length > 0
      ? [`No scenario has built ${namesOf(untried)} there yet, so no commands are shown.`]
      : []),
  ].join('\n\n');
}

/** A build in one line: by what, of what, when and where. */
export function buildLine({ on, run, where, toolchain, source, brought }: Build): string {
  const by = toolchain === undefined ? '' : ` by ${escaped(toolchain)}`;
  const from = source === undefined ? '' : `, of ${escaped(source)}`;
  const whose = brought ? ' (brought by who ran it, not fetched)' : '';
  return `${on}${by}${from}${whose}, ${escaped(where)} (run ${escaped(run)})`;
}

function entry(build: Build): string {
  const { part, came } = build;
  const title = escaped(partTitles[part]);
  if ('failed' in came) {
    return `${title} could not be built by the distro's own toolchain: ${escaped(came.failed, 400)}. Tried ${buildLine(build)}.`;
  }
  const lines = [
    `${title}, by the distro's own toolchain, as root in ${build.brought ? 'a folder with nothing but the source in it' : 'an empty folder'}:`,
    verbatim(came.commands, mostLines).replace(/^(`+)text\n/, '$1sh\n'),
    `Last verified ${buildLine(build)}: what came of it says \`${escaped(came.result)}\`, after ${lasting(came.seconds)} of building.`,
  ];
  return lines.join('\n\n');
}

const lasting = (seconds: number) => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);

const namesOf = (parts: readonly Part[]) => parts.map((part) => escaped(partTitles[part])).join(', ');
