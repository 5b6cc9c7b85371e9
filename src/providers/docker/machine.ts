import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { CellId } from '../../domain/cell.ts';
import { TransportError } from '../../machine/faults.ts';
import type { Judgement } from '../../machine/judgement.ts';
import { untilAborted } from '../../machine/limit.ts';
import type { Machine, SpawnOptions } from '../../machine/machine.ts';
import { pull, push } from './copy.ts';
import { execIn, isRunning, quietly } from './exec.ts';
import { quiet } from './guest-files.ts';
import { attachTo } from './terminal.ts';

/** How long a container that serves may take to answer. */
const patienceMs = 20_000;

/** What a container is let go of by. */
export interface Started {
  readonly docker: Docker;
  readonly container: Docker.Container;
  readonly name: string;
  /** The engine's id of the image that it was made from. */
  readonly image: string;
  /** Ends the connection that it lives by. */
  readonly release: () => void;
  /** Keeps it as an image, by an id that this returns. */
  readonly keepAs: (
    machine: DockerMachine,
    of: { readonly run: string; readonly cell: CellId },
  ) => Promise<string>;
}

/** A container that runs. */
export class DockerMachine implements Machine {
  readonly name: string;
  readonly image: string;
  readonly container: Docker.Container;
  readonly #started: Started;
  #isOver = false;

  constructor(started: Started) {
    this.name = started.name;
    this.image = started.image;
    this.container = started.container;
    this.#started = started;
  }

  spawn(command: string, options?: SpawnOptions): ChildProcess {
    return execIn(this.#started.docker, this.container, command, options);
  }

  push(local: string, remote: string, signal?: AbortSignal): Promise<void> {
    return push(this.container, local, remote, signal);
  }

  pull(remote: string, local: string, signal?: AbortSignal): Promise<void> {
    return pull(this.container, remote, local, signal);
  }

  attach(command?: string): ChildProcess {
    return attachTo(this.#started.docker, this.container, command);
  }

  /** A container boots no kernel: what acts at boot can't be shown by one. */
  async reboot(): Promise<void> {
    throw new TransportError(
      `cannot reboot ${this.name}: a container boots no kernel of its own; ask for --provider qemu`,
    );
  }

  /** Its services rest and what is in its volume comes along: it is fit to be committed. */
  async rest(signal: AbortSignal): Promise<void> {
    const { status, output } = await untilAborted(quietly(this.container, ['/bin/sh', '-c', quiet]), signal);
    if (status !== 0) {
      throw new Error(`cannot freeze ${this.name}: ${output.trim().slice(-300)}`);
    }
  }

  keep(of: { readonly run: string; readonly cell: CellId }): Promise<string> {
    return this.#started.keepAs(this, of);
  }

  async answers(signal = AbortSignal.timeout(patienceMs)): Promise<boolean> {
    if (this.#isOver) {
      return false;
    }
    const asked = untilAborted(quietly(this.container, ['/bin/sh', '-c', 'true']), signal);
    return asked.then(({ status }) => status === 0).catch(() => false);
  }

  /** The kernel isn't its own: only what the farm gave it can be judged. */
  async judge(): Promise<Judgement> {
    const state = await this.container.inspect().then(
      ({ State }) => State,
      () => undefined,
    );
    if (state?.OOMKilled) {
      return { fatal: [], farm: ['it came to the end of the memory that the farm gave it'] };
    }
    const lost = this.#isOver || (await isRunning(this.container));
    return { fatal: [], farm: lost ? [] : ['its container has ended, and nobody here ended it'] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    // Removed before its input ends: an engine that is about to end it by itself refuses to.
    await removeContainer(this.container);
    this.#started.release();
  }
}

/** Removes a container and its volumes, if it is still there; resolves when it is gone. */
export async function removeContainer(container: Docker.Container, tries = 3): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode === 404) {
      return;
    }
    // The engine is at it already, as it ended by itself.
    if (statusCode === 409) {
      await container.wait({ condition: 'removed' }).catch(() => {});
      return;
    }
    if (tries === 0) {
      throw error;
    }
    await sleep(200);
    await removeContainer(container, tries - 1);
  }
}
