import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { spawnBound } from '../../host/bound-child.ts';
import { contained } from '../../host/contained.ts';
import { untilAborted } from '../../machine/limit.ts';
import { saidBy } from './engine.ts';
import { changesOf, tagOf } from './engine-images.ts';
import { type Labels, label } from './labels.ts';

/**
 * A root's files, with their owners and capabilities, to an image of these labels. No second copy is made on this host.
 * Devices stay out: a container's are the engine's.
 */
export async function importRoot(
  docker: Docker,
  tree: string,
  labels: Labels,
  signal: AbortSignal,
): Promise<void> {
  const argv = contained([
    'tar',
    '-C',
    tree,
    '--numeric-owner',
    '--xattrs',
    '--sparse',
    '--exclude=./dev/*',
    '-c',
    '.',
  ]);
  const tar = spawnBound(argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  tar.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-1_000);
  });
  const packed = new Promise<void>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`cannot pack ${tree}: tar ended with ${code}: ${said.trim()}`)),
    );
  });
  packed.catch(() => {});

  try {
    const { repo, tag } = tagOf('image', labels[label.distro] ?? '', labels[label.id] ?? '');
    const asked = docker.importImage(tar.stdout as Readable, {
      repo: `${repo}:${tag}`,
      changes: changesOf(labels),
    });
    const progress = await untilAborted(asked, signal);
    await untilAborted(Promise.all([followed(docker, progress), packed]), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`cannot import ${labels[label.distro]} into the engine: ${saidBy(error)}`, {
      cause: error,
    });
  } finally {
    tar.kill('SIGKILL');
  }
}

/** One line of what an engine tells of long work. */
export interface Progress {
  readonly status?: string;
  readonly id?: string;
}

/** Resolves when an engine's long work is done; rejects with what it says went wrong. */
export function followed(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  tell: (progress: Progress) => void = () => {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()), tell);
  });
}
