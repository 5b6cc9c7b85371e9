import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A container engine for tests. Dispose of it when they are done. */
export interface TestEngine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly url: string;
}

const path = `${process.env['PATH']}:/usr/sbin:/sbin`;

/** Why no engine can be started here; undefined: one may be. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) {
    return 'only root starts an engine of its own; name one by KATAFARM_TEST_ENGINE=unix:///PATH';
  }
  const { status } = spawnSync('dockerd', ['--version'], { env: { ...process.env, PATH: path } });
  return status === 0 ? undefined : 'there is no dockerd: ./katafarm doctor --docker --yes installs it';
}

/**
 * The engine that KATAFARM_TEST_ENGINE names, or one of our own, that touches no network of this host; else why there is
 * none.
 */
export async function testEngine(): Promise<TestEngine | string> {
  const given = process.env['KATAFARM_TEST_ENGINE'];
  if (given) {
    return { url: given, [Symbol.asyncDispose]: async () => {} };
  }
  const without = obstacle();
  if (without !== undefined) {
    return without;
  }
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  const socket = join(folder, 'socket');
  const places = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')];
  // In a network of its own: an engine without a bridge takes docker0 away, which another engine of this host may have.
  const still = ['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false'];
  const child = spawn(
    'unshare',
    [
      '--net',
      '--',
      'dockerd',
      '-H',
      `unix://${socket}`,
      '--pidfile',
      join(folder, 'pid'),
      ...places,
      ...still,
      '--log-level=error',
    ],
    { env: { ...process.env, PATH: path }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-2_000);
  });
  try {
    await answered(child, socket);
  } catch (error) {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true }).catch(() => {});
    return `dockerd does not start here: ${(error as Error).message}: ${said.trim().split('\n').at(-1)}`;
  }
  return {
    url: `unix://${socket}`,
    async [Symbol.asyncDispose]() {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
      spawnSync('umount', ['--recursive', '--quiet', join(folder, 'data')]);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function answered(child: ChildProcess, socket: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) {
      throw new Error(`it ended with ${child.exitCode}`);
    }
    const answer = await new Promise<boolean>((resolve) => {
      const connection = connect(socket, () => connection.write('GET /_ping HTTP/1.0\r\n\r\n'));
      connection.once('data', () => resolve(true)).once('error', () => resolve(false));
      connection.once('close', () => resolve(false));
    });
    if (answer) {
      return;
    }
    await sleep(100);
  }
  throw new Error('it gives no answer');
}
