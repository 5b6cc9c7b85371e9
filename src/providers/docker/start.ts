import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Duplex, PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import type { ContainerCreateOptions } from 'dockerode';
import type { RootFiles } from '../../host/mmdebstrap.ts';
import { BootFailed } from '../../machine/faults.ts';
import { limitedBy, untilAborted } from '../../machine/limit.ts';
import type { BootRequest } from '../../machine/machine.ts';
import { containerConfig, type Rights } from './container-config.ts';
import { isMissing, saidBy } from './engine.ts';
import { upLine } from './guest-files.ts';
import type { Labels } from './labels.ts';
import { DockerMachine, removeContainer, type Started } from './machine.ts';
import { putFiles } from './put-files.ts';

/** A container's first process takes a fraction of a second to its first word; an engine under load, seconds. */
const startSeconds = 60;

export interface StartRequest extends Pick<Started, 'docker' | 'image' | 'keepAs'> {
  readonly request: BootRequest;
  readonly rights: Rights;
  readonly labels: Labels;
  /** Put into it before it starts. */
  readonly files?: RootFiles;
}

/** Creates a container and starts it; resolves when its first process says that it is up. */
export async function startMachine(asked: StartRequest): Promise<DockerMachine> {
  const { docker, image, keepAs, request, rights, labels, files } = asked;
  const { name, logs, signal } = request;
  await mkdir(logs, { recursive: true });
  const config = containerConfig(image, request, rights, labels);
  await request.announce(['docker', 'create', JSON.stringify(config)]);
  const limit = limitedBy(signal, startSeconds, `${name} to start`);
  const { container, stream } = await create(docker, config, limit);
  const log = createWriteStream(join(logs, 'console.log'));
  log.on('error', () => {});
  const release = () => stream.destroy();

  let said = '';
  try {
    const out = new PassThrough();
    docker.modem.demuxStream(stream, out, out);
    const isUp = new Promise<void>((resolve, reject) => {
      out.on('data', (chunk: Buffer) => {
        log.write(chunk);
        said = (said + chunk).slice(-2_000);
        if (said.includes(upLine)) {
          resolve();
        }
      });
      stream.once('close', () => {
        log.end();
        reject(new Error('its first process ended'));
      });
      stream.on('error', reject);
    });
    isUp.catch(() => {});
    await (files && putFiles(container, files));
    await untilAborted(container.start(), limit);
    await untilAborted(isUp, limit);
    return new DockerMachine({ docker, container, name, image, release, keepAs });
  } catch (error) {
    release();
    await removeContainer(container).catch(() => {});
    signal.throwIfAborted();
    const last = said.trim().split('\n').at(-1);
    throw new BootFailed(
      `cannot start a container for ${name}: ${saidBy(error)}${last ? `; it said last: ${last}` : ''}`,
      [],
      error,
    );
  }
}

/** A container that isn't started yet, and the connection that it will live by. */
export async function create(docker: Docker, config: ContainerCreateOptions, signal: AbortSignal) {
  signal.throwIfAborted();
  const creating = docker.createContainer(config);
  // One that comes after the limit is let go of.
  creating.then((late) => (signal.aborted ? removeContainer(late) : undefined)).catch(() => {});
  const container = await untilAborted(creating, signal).catch((error: unknown) => {
    throw isMissing(error)
      ? new Error(`the image ${config.Image} is gone from the engine`, { cause: error })
      : error;
  });
  try {
    const stream = await container.attach({
      stream: true,
      stdin: true,
      stdout: true,
      stderr: true,
      hijack: true,
    });
    return { container, stream: stream as Duplex };
  } catch (error) {
    await removeContainer(container).catch(() => {});
    throw error;
  }
}
