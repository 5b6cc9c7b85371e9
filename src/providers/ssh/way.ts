import { remoteCommand } from '../../host/ssh-terminal.ts';
import type { SshWay } from '../../host/ssh-way.ts';
import { posixQuote } from '../../machine/quote.ts';
import type { Target } from '../../machine/ssh-target.ts';

/** The variable by which a process on the machine is known to be ours, whoever has become its parent. */
export const mark = 'KATAFARM_CELL';

/** How to get to a machine, and as whom to work there. */
export interface WayRequest {
  readonly target: Target;
  /** An ssh_config in place of the user's. */
  readonly config?: string | undefined;
  /** Whoever logs in is not root: commands go through a sudo that asks nothing. */
  readonly sudo: boolean;
  /** What the processes of a cell are marked with; missing: they are not. */
  readonly token?: string;
  /** The master's socket. */
  readonly control: string;
}

/**
 * What every call begins with. The user's own ssh_config, keys and known_hosts hold; what it might say of terminals,
 * forwards and other masters does not. A host that isn't known is refused. Pure.
 */
export function sshArguments({ target, config }: Pick<WayRequest, 'target' | 'config'>): readonly string[] {
  return [
    ...(config === undefined ? [] : ['-F', config]),
    ...(target.port === undefined ? [] : ['-p', String(target.port)]),
    ...option('StrictHostKeyChecking=yes', 'BatchMode=yes', 'ControlPersist=no', 'RemoteCommand=none'),
    ...option('ClearAllForwardings=yes', 'ForwardAgent=no', 'ForwardX11=no', 'PermitLocalCommand=no'),
    // Two minutes without a sign of life are the end of a connection.
    ...option('ServerAliveInterval=15', 'ServerAliveCountMax=8', 'ConnectTimeout=20', 'LogLevel=ERROR'),
  ];
}

/** The way to a machine by one master. Pure. */
export function wayTo(request: WayRequest): SshWay {
  const { target, control } = request;
  return {
    control,
    options: [...sshArguments(request), ...option('ControlMaster=no'), '-S', control],
    target: target.login,
    command: (command) => asRoot(command, request),
    shell: loginShell(request),
    hopeless,
  };
}

/** What ssh says where the next try would say the same. */
export const hopeless =
  /Permission denied|Host key verification failed|REMOTE HOST IDENTIFICATION|Could not resolve|[Bb]ad configuration|Too many authentication/;

/** Always by /bin/sh, marked, and with exit status 255 kept for ssh itself. */
function asRoot(command: string, { sudo, token }: Pick<WayRequest, 'sudo' | 'token'>): string {
  const marked = token === undefined ? '' : `env ${mark}=${token} `;
  return remoteCommand(`${sudo ? 'sudo -n ' : ''}${marked}/bin/sh -c ${posixQuote(command)}`);
}

/** Root's own shell, marked as well: what a person leaves running goes with them. */
function loginShell({ sudo, token }: Pick<WayRequest, 'sudo' | 'token'>): string {
  const marked = token === undefined ? '' : `env ${mark}=${token} `;
  // Not by `sudo -i`: it drops the mark with all else of the environment.
  const begun = `cd; s=$(awk -F: '$3 == 0 { print $7; exit }' /etc/passwd); exec "\${s:-/bin/sh}" -l`;
  return remoteCommand(`exec ${sudo ? 'sudo -n -H ' : ''}${marked}/bin/sh -c ${posixQuote(begun)}`);
}

const option = (...settings: readonly string[]) => settings.flatMap((setting) => ['-o', setting]);

/** What to do about what ssh says, in words; the first that fits. Pure. */
export function adviceOn(said: string, { login, port }: Target): string {
  const host = login.slice(login.lastIndexOf('@') + 1);
  const scan = `ssh-keyscan${port === undefined ? '' : ` -p ${port}`} ${host}`;
  if (/REMOTE HOST IDENTIFICATION/.test(said)) {
    return `its host key is not the one in your known_hosts: find out why before you go on; \`ssh-keygen -R ${host}\` forgets the old one`;
  }
  if (/Host key verification failed/.test(said)) {
    return `its host key is not in your known_hosts: log in by hand once and compare it, or see \`${scan}\``;
  }
  if (/Permission denied|Too many authentication/.test(said)) {
    return 'it does not let you in without a password: put your public key there by ssh-copy-id, or load it into your agent';
  }
  return 'see whether `ssh` gets there by hand; a name of your ssh_config will do as well';
}
