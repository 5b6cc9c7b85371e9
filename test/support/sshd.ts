import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What it takes to start a real sshd on this host. */
export const canServeSsh = existsSync('/usr/sbin/sshd') && process.getuid?.() === 0;

/** A machine of sorts: a real sshd on the loopback, with processes, /run and /var/tmp of its own. */
export interface Sshd extends AsyncDisposable {
  /** `root@127.0.0.1:PORT`. */
  readonly target: string;
  /** An ssh_config with a key that is let in, and a known_hosts that knows the machine. */
  readonly config: string;
  /** What it is taken to know of hosts. */
  readonly knownHosts: string;
  /** Runs a script in it, as somebody else would. */
  inside(script: string): string;
  /** Ends the connections that there are; new ones are let in. */
  cut(): void;
  /** Ends it, with all that runs in it. */
  stop(): void;
}

/** `osRelease` stands in for the host's own. */
export async function startSshd(
  osRelease = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n',
): Promise<Sshd> {
  const folder = await mkdtemp(join(tmpdir(), 'sshd-'));
  const at = (name: string) => join(folder, name);
  for (const name of ['host', 'user']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  }
  const port = await freePort();
  await writeFile(at('authorized'), await readFile(at('user.pub')));
  await writeFile(at('os-release'), osRelease);
  await writeFile(at('known_hosts'), `[127.0.0.1]:${port} ${await readFile(at('host.pub'), 'utf8')}`);
  await writeFile(
    at('sshd_config'),
    [
      ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${at('host')}`, `PidFile ${at('pid')}`],
      ...[`AuthorizedKeysFile ${at('authorized')}`, 'StrictModes no', 'UsePAM no', 'PermitRootLogin yes'],
      ...['PasswordAuthentication no', 'KbdInteractiveAuthentication no'],
    ].join('\n'),
  );
  await writeFile(
    at('ssh_config'),
    `Host *\n  IdentityFile ${at('user')}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${at('known_hosts')}\n  GlobalKnownHostsFile none\n`,
  );
  await mkdir(at('empty'));
  const script = `mount -t tmpfs tmpfs /run && mkdir -p /run/sshd && mount -t tmpfs tmpfs /var/tmp &&
    mount --bind ${at('os-release')} "$(readlink -f /etc/os-release)" && exec /usr/sbin/sshd -D -e -f ${at('sshd_config')}`;
  const child = spawn(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      '--',
      'unshare',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'sh',
      '-c',
      script,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  await answering(port, child, () => said);
  const server = () => {
    const [inner = ''] = execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n');
    return inner;
  };

  return {
    target: `root@127.0.0.1:${port}`,
    config: at('ssh_config'),
    knownHosts: at('known_hosts'),
    inside: (asked) =>
      execFileSync('nsenter', ['-t', server(), '-m', '-p', 'sh', '-c', asked], { encoding: 'utf8' }).trim(),
    cut() {
      execFileSync('nsenter', ['-t', server(), '-m', '-p', 'sh', '-c', "pkill -KILL -f '^sshd: root' || :"]);
    },
    stop: () => child.kill('SIGKILL'),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const closed = once(child, 'close');
        child.kill('SIGKILL');
        await closed;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function answering(port: number, child: ChildProcess, said: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) {
      throw new Error(`sshd does not start: ${said()}`);
    }
    const socket = connect(port, '127.0.0.1');
    const spoke = await Promise.race([
      once(socket, 'data').then(
        () => true,
        () => false,
      ),
      sleep(200).then(() => false),
    ]);
    socket.destroy();
    if (spoke) {
      return;
    }
    await sleep(50);
  }
  throw new Error(`sshd does not answer: ${said()}`);
}
