import { join } from 'node:path';
import { portSays } from '../../host/port-says.ts';
import type { SshWay } from '../../host/ssh-way.ts';

/** What a client needs to know of a machine's SSH: made when its template was prepared. */
export interface SshIdentity {
  /** The private key's file, 0600. */
  readonly key: string;
  /** A known_hosts file with the machine's key under the name `machine`. */
  readonly knownHosts: string;
}

/**
 * Nobody listens in on the loopback, and a processor that is emulated pays for each byte: of what OpenSSH takes for
 * safe, this is the cheapest there, and asked for first. A machine that doesn't offer it has the usual.
 */
const cheapest = [
  '-o',
  'Ciphers=^aes128-ctr',
  '-o',
  'MACs=^umac-64-etm@openssh.com,umac-128-etm@openssh.com',
];

/** What every call of ssh's begins with: the way to one machine, by `control` once a master serves there. Pure. */
export function sshOptions(identity: SshIdentity, port: number, control: string): readonly string[] {
  return [
    ...['-F', 'none', '-i', identity.key, '-p', String(port), '-S', control],
    ...[
      '-o',
      'IdentitiesOnly=yes',
      '-o',
      `UserKnownHostsFile="${identity.knownHosts.replaceAll('%', '%%')}"`,
    ],
    ...['-o', 'HostKeyAlias=machine', '-o', 'StrictHostKeyChecking=yes', '-o', 'BatchMode=yes'],
    ...cheapest,
    // A heartbeat, for the reason that channel.ts gives; who does not answer it is only slow.
    ...['-o', 'ServerAliveInterval=1', '-o', 'ServerAliveCountMax=900', '-o', 'LogLevel=ERROR'],
  ];
}

/** The way to a machine of this host's. Its sockets are in a folder of its own. */
export function loopbackWay(identity: SshIdentity, port: number, sockets: string): SshWay {
  const control = join(sockets, 'ssh');
  return {
    control,
    options: sshOptions(identity, port, control),
    target: 'root@127.0.0.1',
    look: () => portSays(port),
  };
}
