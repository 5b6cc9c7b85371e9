import { type Command, Option } from 'commander';
import { UserError } from '../errors.ts';
import type { OverlayChoice } from '../install/overlay/parts.ts';
import { targetOf } from '../machine/ssh-target.ts';
import type { Context, ProviderOptions } from './context.ts';

/** Machines that exist. */
export interface SshChoice {
  /** `[USER@]HOST[:PORT]` by release; under `''` that of the only one. */
  readonly ssh?: Readonly<Record<string, string>>;
  readonly allowReboot?: true;
}

/** Adds `--ssh` and `--allow-reboot`: read them as {@link SshChoice}. */
export function addSsh(command: Command): Command {
  return command
    .addOption(
      sshOption(
        'run on a machine that exists: [USER@]HOST[:PORT]; nothing is installed there without --yes. --provider ssh alone takes those that katafarm.yaml names (docs/existing-machines.md)',
      ),
    )
    .option('--allow-reboot', 'a machine of --ssh may be restarted, for what has to start from power-on');
}

/** `--ssh`, once or more: read it as {@link SshChoice}. */
export function sshOption(description: string): Option {
  return new Option('--ssh <[release=]machine>', description)
    .argParser(sshTargets)
    .implies({ provider: 'ssh' });
}

/** As they can be typed again. */
export function sshWords({ ssh = {}, allowReboot }: SshChoice): readonly string[] {
  return [
    ...Object.entries(ssh).flatMap(([release, machine]) => [
      '--ssh',
      release === '' ? machine : `${release}=${machine}`,
    ]),
    ...(allowReboot ? ['--allow-reboot'] : []),
  ];
}

function sshTargets(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, release = '', machine = ''] = /^(?:([a-z][\w.-]*-[\w.]+(?:@[a-z0-9]+)?)=)?(.*)$/.exec(text) ?? [];
  targetOf(machine);
  if (before[release] !== undefined) {
    const whose = release === '' ? 'a machine is named' : `${release} has a machine`;
    throw new UserError(
      `cannot use --ssh ${text}: ${whose} already; say --ssh RELEASE=MACHINE, one for each`,
    );
  }
  return { ...before, [release]: machine };
}

/** What would be done to machines before anything is run on them. */
interface Changing extends OverlayChoice {
  readonly prepare?: string;
  readonly prepareCold?: string;
}

const changing = [
  ['withPackage', '--with-package'],
  ['withRepo', '--with-repo'],
  ['enableRepo', '--enable-repo'],
  ['prepare', '--prepare'],
  ['prepareCold', '--prepare-cold'],
] as const satisfies readonly (readonly [keyof Changing, string])[];

/** What the provider is told; undefined: it is not asked for. Throws a UserError where a machine is missing, or is of no use. */
export function sshGiven(
  { env }: Pick<Context, 'env'>,
  given: SshChoice & Changing & { readonly provider?: string; readonly yes?: true },
): ProviderOptions['ssh'] {
  const { ssh, allowReboot, provider, yes } = given;
  if (ssh && provider !== 'ssh') {
    throw new UserError(`cannot use --ssh with --provider ${provider}: leave out one of them`);
  }
  const [, change] = changing.find(([key]) => given[key] !== undefined) ?? [];
  if (ssh && change) {
    throw new UserError(
      `cannot use ${change} with --ssh: what is put into a machine that exists stays in it; change it by hand, or run a clone: --provider qemu`,
    );
  }
  if (provider === 'ssh' && !ssh) {
    throw new UserError(
      'cannot use --provider ssh without a machine: say --ssh root@HOST, or --ssh RELEASE=root@HOST for each release; those that you have at all times may stand in katafarm.yaml, as in ssh: { debian-13: root@HOST }',
    );
  }
  return (
    ssh && {
      targets: ssh,
      config: env['KATAFARM_SSH_CONFIG'] || undefined,
      mayInstall: yes ?? false,
      mayRestart: allowReboot ?? false,
    }
  );
}

/** Throws a UserError where one machine was named for several releases. */
export function ensureOneRelease({ ssh }: SshChoice, distros: readonly { readonly id: string }[]): void {
  const [first, second] = distros.map(({ id }) => id);
  if (ssh?.[''] !== undefined && second !== undefined) {
    throw new UserError(
      `cannot run ${distros.length} releases on ${ssh['']}: a machine is of one release; say --ssh ${first}=MACHINE, or name the release`,
    );
  }
}
