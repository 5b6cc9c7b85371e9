import { userInfo } from 'node:os';
import { UserError } from '../errors.ts';
import type { Context } from './context.ts';
import { type RunCommand, runCommand } from './run-command.ts';
import { locate, missingTools, type PackageManager, type Tool, toolsFor } from './tool-table.ts';

/** How each package manager is told to install; the first that a host has is taken for its own. */
const managers: Readonly<Record<PackageManager, { readonly command: string; readonly install: string }>> = {
  apt: { command: 'apt-get', install: 'apt-get install' },
  dnf: { command: 'dnf', install: 'dnf install' },
  pacman: { command: 'pacman', install: 'pacman -S' },
};

type Surroundings = Pick<Context, 'env' | 'err' | 'signal'>;

/**
 * Sees to it that the host has every tool of a list. With `yes`, what is missing is installed by apt-get, as root or
 * by a sudo that asks nothing; without it, nothing is changed. Throws a UserError (exit 3) that names what is
 * missing and the command that gets it.
 */
export async function ensureTools(
  context: Surroundings,
  {
    yes,
    needed = toolsFor(),
    run = runCommand,
  }: { yes: boolean; needed?: readonly Tool[]; run?: RunCommand },
): Promise<void> {
  const missing = await missingTools(context, needed);
  if (missing.length === 0) {
    return;
  }

  const list = missing.map(({ name, why }) => `${name} (${why})`).join(', ');
  const remedy = await remedyFor(missing, context.env);
  if (!yes) {
    throw new UserError(
      `cannot work without ${list}\nget it with: ${remedy}\nor say --yes, and it is done for you`,
      {
        exitCode: 3,
      },
    );
  }

  if ((await managerOf(context.env)) !== 'apt') {
    throw new UserError(`cannot install by itself on this host: ${list}\nget it with: ${remedy}`, {
      exitCode: 3,
    });
  }
  const prefix = await rights(context, run);
  if (!prefix) {
    throw new UserError(`cannot install as an ordinary user without sudo: ${list}\nget it with: ${remedy}`, {
      exitCode: 3,
    });
  }

  context.err(`katafarm: this host lacks ${list}\n`);
  await aptInstall(packagesOf(missing, 'apt'), prefix, context, run);

  const still = await missingTools(context, needed);
  if (still.length > 0) {
    throw new UserError(
      `cannot find ${still.map(({ name }) => name).join(', ')} though apt-get installed ${packagesOf(still, 'apt').join(', ')}`,
      { exitCode: 3 },
    );
  }
}

/** The command that a person types to get these tools on this host. */
export async function remedyFor(missing: readonly Tool[], env: Surroundings['env']): Promise<string> {
  const manager = await managerOf(env);
  const sudo = userInfo().uid === 0 ? '' : 'sudo ';

  return manager
    ? `${sudo}${managers[manager].install} ${packagesOf(missing, manager).join(' ')}`
    : `your package manager (Debian's names: ${packagesOf(missing, 'apt').join(' ')})`;
}

async function managerOf(env: Surroundings['env']): Promise<PackageManager | undefined> {
  for (const manager of ['apt', 'dnf', 'pacman'] as const) {
    if (await locate({ name: managers[manager].command }, env['PATH'])) {
      return manager;
    }
  }
  return undefined;
}

function packagesOf(missing: readonly Tool[], manager: PackageManager): readonly string[] {
  return [...new Set(missing.map(({ packages }) => packages[manager]))];
}

/** What to put before a command that needs root; undefined where root can't be had. */
async function rights(
  { env, signal }: Surroundings,
  run: RunCommand,
): Promise<readonly string[] | undefined> {
  if (userInfo().uid === 0) {
    return [];
  }
  const sudo = await locate({ name: 'sudo' }, env['PATH']);
  const silent = sudo && (await run([sudo, '-n', 'true'], () => undefined, signal)) === 0;
  return silent ? [sudo, '-n'] : undefined;
}

async function aptInstall(
  packages: readonly string[],
  prefix: readonly string[],
  { err, signal }: Surroundings,
  run: RunCommand,
): Promise<void> {
  const apt = [
    ...prefix,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=300',
  ];
  const steps = [
    [...apt, '-q', 'update'],
    [...apt, '-q', 'install', '--yes', '--no-install-recommends', ...packages],
  ];

  for (const argv of steps) {
    err(`katafarm: ${argv.join(' ')}\n`);
    const said: string[] = [];
    const status = await run(
      argv,
      (line) => {
        said.push(line);
        if (/^(Setting up|E:|W:|Err:)/.test(line)) {
          err(`  ${line}\n`);
        }
      },
      signal,
    );
    signal.throwIfAborted();

    if (status !== 0) {
      throw new UserError(
        `cannot install ${packages.join(' ')}: ${argv.join(' ')} ended with ${status}\n${said.slice(-15).join('\n')}`,
        { exitCode: 3 },
      );
    }
  }
}
