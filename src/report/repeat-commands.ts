import type { ScenarioId } from '../domain/scenario.ts';
import { stepsOf, type TranscriptStep } from './transcript-steps.ts';

/** Commands that repeat a failure by hand, without katafarm. */
export interface ByHand {
  readonly commands: string;
  /** What has to be known to run them, or to judge what they say. */
  readonly note: string;
  /** They were taken out of what the scenario ran, and want nothing of katafarm's. */
  readonly plain: boolean;
}

/** How the essence of a scenario is found in what it ran; undefined: not in these commands. */
interface Essence {
  readonly of: RegExp;
  readonly found: (step: TranscriptStep, all: readonly TranscriptStep[]) => ByHand | undefined;
}

const essences: readonly Essence[] = [
  { of: /^vmm\.virtiofs/, found: byVirtiofsd },
  { of: /^vmm\.qemu\.kata-cmdline$/, found: byCommandLine },
  { of: /^vmm\.qemu\.probe$/, found: byQuestions },
  { of: /^(?:kata|mapping)\./, found: byContainer },
];

/**
 * What repeats a failure by hand, out of the transcript of the attempt that failed. `step` is the one it failed in,
 * `message` what it said. Undefined where the transcript has no command.
 */
export function byHand(
  scenario: ScenarioId,
  transcript: string,
  { step, message = '' }: { readonly step?: string | undefined; readonly message?: string },
): ByHand | undefined {
  const all = stepsOf(transcript);
  const failing =
    all.find(({ name }) => name !== undefined && name === step) ??
    all.find(({ name }) => isMeant(name, message)) ??
    all.at(-1);
  if (!failing) {
    return undefined;
  }
  const essence = essences.find(({ of }) => of.test(scenario));
  return (
    essence?.found(failing, all) ?? {
      commands: failing.commands.map(unindented).join('\n'),
      note: 'Commands as the scenario ran them, in a folder of its own. The files that they read (`. ./machine.sh`) and the words that are defined there are helpers of katafarm, below its folder scenarios/parts.',
      plain: false,
    }
  );
}

/** A step that stands for one of several is named in the message: `start QEMU as Kata 4.1.0 (…) does`. */
function isMeant(name: string | undefined, message: string): boolean {
  const what = / as (.+) does$/.exec(name ?? '')?.[1];
  return what !== undefined && message.includes(what);
}

function byVirtiofsd({ commands }: TranscriptStep): ByHand | undefined {
  const [, ready, line] = /^\s*start_virtiofsd '([^'\n]*)' (.+)$/m.exec(commands.join('\n')) ?? [];
  return line === undefined || ready === undefined
    ? undefined
    : {
        commands: `cd "$(mktemp -d)"\nmkdir shared\n${line}`,
        note: `As root. These are the arguments that Kata gives it. It is to say "${ready}" and to go on waiting; Kata waits for these words.`,
        plain: true,
      };
}

function byCommandLine({ commands }: TranscriptStep): ByHand | undefined {
  const [, line] = /^\s*start_kata \d+ (.+)$/m.exec(commands.join('\n')) ?? [];
  return line === undefined
    ? undefined
    : {
        commands: line,
        note: 'As root. This is the command line that Kata gives it; with -S no guest is started. Kata hands over open files by number (a listening QMP socket, tap devices, /dev/vhost-net, /dev/vhost-vsock); an option that is refused is refused before they are used.',
        plain: true,
      };
}

function byQuestions(_: TranscriptStep, all: readonly TranscriptStep[]): ByHand | undefined {
  const asked = all.flatMap(({ commands }) => commands).join('\n');
  const lines = [...asked.matchAll(/^\s*ask [\w-]+ (\/.+)$/gm)].map(([, line]) => line);
  return lines.length === 0
    ? undefined
    : {
        commands: lines.join('\n'),
        note: 'What the message misses is to be in what these print.',
        plain: true,
      };
}

function byContainer({ commands }: TranscriptStep, all: readonly TranscriptStep[]): ByHand | undefined {
  const [, words] =
    /^\s*(?:run_to_end|start_sleeper) kata [\w-]+ ?((?:.|\\\n)*)$/m.exec(commands.join('\n')) ?? [];
  if (words === undefined) {
    return undefined;
  }
  const settings = all.flatMap((step) => step.commands).join('\n');
  const of = (key: string, otherwise: string) =>
    new RegExp(`^\\s*${key}=(\\S+)$`, 'm').exec(settings)?.[1] ?? otherwise;
  const runtime = of('kata_runtime', 'io.containerd.kata.v2');
  const config = of('kata_config', 'CONFIGURATION.toml');
  const args = words.includes('$kata_image')
    ? words.replace('"$kata_image"', 'IMAGE')
    : `IMAGE repeat sleep 1000`;
  return {
    commands: `ctr run --rm --runtime ${runtime} --runtime-config-path ${config} ${args.replaceAll(/\s+/g, ' ').trim()}`,
    note: `As root. IMAGE is any small one that was pulled, busybox say; ${runtime} is Kata's shim on the PATH by that name, and ${config} Kata's configuration with the VMM, virtiofsd and kernel that the table names.`,
    plain: true,
  };
}

/** Lines after the first as far to the left as they go. */
function unindented(command: string): string {
  const [first = '', ...rest] = command.split('\n');
  const depth = Math.min(...rest.map((line) => /^\s*/.exec(line)?.[0].length ?? 0));
  return [first, ...rest.map((line) => line.slice(depth))].join('\n');
}
