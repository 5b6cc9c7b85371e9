import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import type { Distro } from '../../domain/distro.ts';
import { UserError } from '../../errors.ts';
import { imageParts, installMissing } from '../../install/install-missing.ts';
import { guestOf } from '../../machine/guest.ts';
import { untilAborted } from '../../machine/limit.ts';
import type { Tell } from '../../machine/machine.ts';
import { saidBy } from './engine.ts';
import { commit } from './engine-images.ts';
import type { Environment } from './engine-place.ts';
import { guestDeviations, guestFiles } from './guest-files.ts';
import { digestOfImage, type ImageRecord, imageLabels } from './image-record.ts';
import { followed } from './import-root.ts';
import type { DockerMachine } from './machine.ts';
import { type Login, loginFor } from './registry-login.ts';

/** An image that is on the engine: what it is called by its registry, digest and all, and by the engine. */
export interface Pulled {
  readonly engineId: string;
  /** `debian@sha256:…`; the engine's id for one that never was in a registry. */
  readonly digest: string;
}

/** Pulls a reference, with the login that there is for its registry; one that the engine has already does where no registry answers. Throws a UserError (exit 3) that says what to do where the registry doesn't deliver. */
export async function pullReference(
  docker: Docker,
  reference: string,
  env: Environment,
  tell: Tell,
  signal: AbortSignal,
): Promise<Pulled> {
  tell(`pulling ${reference}`);
  const login = await loginFor(reference, env, tell, signal);
  try {
    const stream = await untilAborted(
      docker.pull(reference, { ...(login && { authconfig: login }) }),
      signal,
    );
    const seen = new Set<string>();
    const work = followed(docker, stream, ({ status = '', id = '' }) => {
      // Bytes come by the hundred; what a layer came to is told once.
      if (/^(Pull complete|Already exists)/.test(status) && !seen.has(id)) {
        seen.add(id);
        tell(`${reference}: ${seen.size} layers`);
      }
    });
    await untilAborted(work, signal);
  } catch (cause) {
    signal.throwIfAborted();
    const there = await atHand(docker, reference);
    if (there) {
      tell(`${reference}: taken as the engine has it, as it cannot be pulled: ${saidBy(cause)}`);
      return there;
    }
    throw new UserError(
      `cannot pull ${reference}: ${saidBy(cause)}; ${hintFor(saidBy(cause), reference, login)}`,
      {
        exitCode: 3,
        cause,
      },
    );
  }
  const pulled = await atHand(docker, reference);
  if (!pulled) {
    throw new Error(`cannot find ${reference} on the engine, which has just pulled it`);
  }
  return pulled;
}

/** A reference as the engine has it, without asking any registry; undefined where it hasn't. */
export async function atHand(docker: Docker, reference: string): Promise<Pulled | undefined> {
  const found = await docker
    .getImage(reference)
    .inspect()
    .catch(() => undefined);
  return found && { engineId: found.Id, digest: found.RepoDigests?.[0] ?? found.Id };
}

function hintFor(said: string, reference: string, login: Login | undefined): string {
  if (/denied|unauthorized|no basic auth|authentication required|incorrect username/i.test(said)) {
    const [host] = reference.split('/');
    return login
      ? `check images.docker.reference in its file; the login of \`docker login ${host}\` was sent along, and may not be enough`
      : `check images.docker.reference in its file, or log in by \`docker login ${host}\`, whose login is then taken`;
  }
  if (/not found|manifest unknown|does not exist/i.test(said)) {
    return 'check images.docker.reference in its file';
  }
  return 'the engine does not reach the registry: give it a mirror (registry-mirrors) or a proxy, or load the image into it (docker load)';
}

/** A container has no use for a kernel. */
const wanted = imageParts.filter((part) => part !== 'kernel');

/** What stands for a pulled image with what was put into it. */
export function pulledKey(distro: Distro, digest: string): string {
  const { parts, packageManager, images } = distro;
  const asked = [digest, packageManager, parts, images.qemu?.include, guestFiles];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

/**
 * Has what a pulled image lacks installed in a container of it, which has a network, and keeps that as an image of the
 * farm's; resolves with its digest.
 */
export async function furnish(
  machine: DockerMachine,
  distro: Distro,
  { reference, digest }: { readonly reference: string; readonly digest: string },
  now: Date,
  tell: Tell,
  signal: AbortSignal,
): Promise<string> {
  const guest = guestOf(
    machine,
    () => {},
    () => signal,
  );
  const installed = await installMissing(guest, distro, { parts: wanted, tell, signal });
  const record: ImageRecord = {
    packages: installed.packages,
    deviations: [`container image ${reference} (${digest})`, ...installed.deviations, ...guestDeviations],
  };
  const key = pulledKey(distro, digest);
  const name = digestOfImage(key, record);
  await commit(machine.container, 'image', name, imageLabels(distro, key, record, now));
  return name;
}
