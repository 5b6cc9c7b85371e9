import { Agent } from 'node:http';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { spawnBound } from '../../host/bound-child.ts';

/**
 * Connections to an engine by OpenSSH's own client, as Docker's does it (docker/cli, commandconn): the user's keys, known
 * hosts and configuration hold. Each connection is one ssh, which dies with this process.
 */
export function sshAgent(way: { readonly destination: string; readonly port?: number }): Agent {
  const agent = new Agent({ keepAlive: true });
  agent.createConnection = () => connection(way) as never;
  return agent;
}

function connection({ destination, port }: { readonly destination: string; readonly port?: number }): Duplex {
  const argv = [
    ...['ssh', '-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30'],
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...['--', destination, 'docker', 'system', 'dial-stdio'],
  ];
  const child = spawnBound(argv, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-500);
  });
  const stream = Duplex.from({ writable: child.stdin as Writable, readable: child.stdout as Readable });
  stream.once('close', () => child.kill('SIGKILL'));
  child.once('error', (error) => stream.destroy(error));
  child.once('close', (code) => {
    if (code) {
      stream.destroy(new Error(`ssh ended with ${code}: ${said.trim()}`));
    }
  });
  // What node:http asks of a socket, and a pipe has not.
  const nothing = () => stream;
  return Object.assign(stream, {
    ...{ setTimeout: nothing, setNoDelay: nothing, setKeepAlive: nothing, ref: nothing, unref: nothing },
  });
}
