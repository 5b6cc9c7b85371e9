import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { StackId } from '../domain/stack.ts';
import { addFolders } from './add-folders.ts';
import { addImage, type ImageChoice } from './add-image.ts';
import { addKata, type KataChoice } from './add-kata.ts';
import { type AgainstChoice, addAgainst } from './against-option.ts';
import { choice } from './choice.ts';
import type { Context, ProviderOptions } from './context.ts';
import type { OwnFolders } from './folders.ts';
import { imageMirrorOption } from './image-mirror.ts';
import { addOverlay, type OverlayOptions } from './overlay-option.ts';
import { count, duration, memoryMiB, scenarioGlobs, stackIds } from './parsers.ts';
import { type ProviderWord, providerOption } from './provider-word.ts';
import { addSource, type SourceChoice } from './source-option.ts';
import { addSsh, type SshChoice } from './ssh-option.ts';

/** What is to be run: shared by `run`, `plan` and whoever else chooses cells. */
export interface Selection extends KataChoice, AgainstChoice, ImageChoice, SshChoice, OwnFolders {
  readonly stack?: readonly StackId[];
  readonly scenario?: readonly string[];
}

/** How machines are had. */
export interface MachineOptions {
  readonly provider?: ProviderWord;
  readonly accel: ProviderOptions['accelerator'];
  readonly mirror?: string;
  /** Where publishers' images are had in place of their own addresses, by how those begin. */
  readonly imageMirror?: Readonly<Record<string, string>>;
  readonly allowExpiredMirror?: true;
  /** Builds images and templates anew. */
  readonly fresh?: true;
  /** Asks no mirror: what is in the cache is taken as it is. */
  readonly offline?: true;
  /** MiB that all machines together may take. */
  readonly memory?: number;
}

/** How a run goes. */
export interface RunOptions extends OverlayOptions, SourceChoice {
  /** Cells at once; as many as fit unless given. */
  readonly jobs?: number;
  /** Of the whole run, in milliseconds. */
  readonly timeout?: number;
  readonly retries: number;
  readonly prepare?: string;
  /** The same, and the machine boots again before anything else is done in it. */
  readonly prepareCold?: string;
  /** A run to go on with, by id or path. */
  readonly resume?: string;
  /** Of which cells' attempts the machine is frozen to disk: red or errored ones, or all. */
  readonly keep: 'never' | 'failed' | 'always';
  readonly watch?: true;
  readonly dryRun?: true;
  readonly strict?: true;
  readonly yes?: true;
}

/** What is said, and where it is put. */
export interface OutputOptions {
  readonly out: string;
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
}

/** Adds `--stack`, `--scenario` and what {@link addFolders}, {@link addKata}, {@link addAgainst}, {@link addImage} and {@link addSsh} add: read them as {@link Selection}. */
export function addSelection(command: Command): Command {
  return addFolders(addSsh(addImage(addAgainst(addKata(command)))))
    .addOption(new Option('--stack <stack...>', 'only these stacks').argParser(stackIds))
    .addOption(
      new Option('--scenario <scenario...>', 'only these scenarios: vmm.*').argParser(scenarioGlobs),
    );
}

/** Adds `--provider`, `--accel`, `--memory`, `--mirror`, `--image-mirror`, `--allow-expired-mirror`, `--fresh`, `--offline`: read them as {@link MachineOptions}. */
export function addMachines(command: Command): Command {
  return command
    .addOption(providerOption())
    .addOption(choice('--accel <which>', 'auto is measured', ['auto', 'kvm', 'tcg']).default('auto'))
    .addOption(new Option('--memory <size>', 'what machines may take together: 12G').argParser(memoryMiB))
    .option('--mirror <url>', 'package mirror to build images from ($KATAFARM_MIRROR)')
    .addOption(imageMirrorOption())
    .option('--allow-expired-mirror', "accept a mirror's expired Release file, and record it")
    .addOption(
      new Option('--fresh', 'build images and templates anew, whatever the cache has').conflicts('offline'),
    )
    .option('--offline', 'take what the cache has, and ask no mirror whether it is out of date');
}

/** What a run that is gone on with had from its beginning. */
const chosenOnce = [
  ...['stack', 'scenario', 'provider', 'kata', 'replace', 'against', 'trustFirst', 'distros', 'scenarios'],
  ...['bundled', 'prepare', 'prepareCold', 'fresh', 'accel', 'image', 'ssh', 'shard'],
] as const;

/** Adds `--jobs`, `--timeout`, `--retries`, `--prepare`, `--prepare-cold`, `--resume`, `--keep`, `--watch`, `--dry-run`, `--strict`, `--yes` and what {@link addOverlay} and {@link addSource} add: read them as {@link RunOptions}. */
export function addRunning(command: Command): Command {
  return addSource(addOverlay(command))
    .addOption(
      new Option('--jobs <n>', 'cells at once (default: what cores and memory carry)').argParser(
        count('--jobs', 1),
      ),
    )
    .addOption(new Option('--timeout <duration>', 'limit of the whole run: 90s, 45m, 2h').argParser(duration))
    .addOption(
      new Option('--retries <n>', "how often the farm's own trouble is tried again")
        .argParser(count('--retries', 0))
        .default(1),
    )
    .option('--prepare <script>', 'run this in the machine after installation; such a run is never published')
    .addOption(
      new Option('--prepare-cold <script>', 'the same, and boot it again: for what acts at boot').conflicts(
        'prepare',
      ),
    )
    .addOption(
      new Option('--resume <run>', 'go on with a run: whatever is not settled or not looked into').conflicts([
        ...chosenOnce,
      ]),
    )
    .addOption(
      choice('--keep <when>', "freeze a cell's machine to disk, for katafarm shell --run", [
        ...['never', 'failed', 'always'],
      ]).default('never'),
    )
    .addOption(
      new Option('--watch', 'run again at each edit of a scenario or release, until Ctrl-C')
        .conflicts('resume')
        .conflicts('dryRun'),
    )
    .option('--dry-run', 'say what would run, and stop')
    .option('--strict', 'skipped and blocked cells count: exit 3')
    .option('--yes', 'install missing tools of the host by its package manager');
}

/** Adds `--out`, `--json`, `--quiet`, `--verbose`: read them as {@link OutputOptions}. */
export function addOutput(command: Command, { env, cwd }: Pick<Context, 'env' | 'cwd'>): Command {
  return command
    .addOption(
      new Option('--out <dir>', 'where runs are kept ($KATAFARM_OUT)')
        .argParser((text) => resolve(cwd, text))
        .default(resolve(cwd, env['KATAFARM_OUT'] || 'reports/runs'), 'reports/runs'),
    )
    .option('--json', 'JSON Lines on stdout: the journal as it grows')
    .option('--quiet', 'only what went wrong')
    .option('--verbose', 'what commands print, as well');
}
