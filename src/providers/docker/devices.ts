import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { which } from '../../host/which.ts';
import type { Engine } from './engine.ts';
import { kvmTrial } from './kvm-trial.ts';

/** Device nodes that scenarios may ask for. */
const wanted = ['/dev/kvm', '/dev/vhost-vsock', '/dev/vhost-net', '/dev/net/tun'];

/** Which of a host's devices containers are given, and why not the others. */
export interface Devices {
  readonly usable: readonly string[];
  readonly lacking: Readonly<Record<string, string>>;
}

/** Looks at this host's devices; a container can have those of its own host alone. */
export async function devicesOf(engine: Engine, scratch: string, signal: AbortSignal): Promise<Devices> {
  const looked = await Promise.all(
    wanted.map(async (path) => [path, await obstacleTo(path, engine, scratch, signal)] as const),
  );
  return {
    usable: looked.flatMap(([path, obstacle]) => (obstacle === undefined ? [path] : [])),
    lacking: Object.fromEntries(looked.flatMap(([path, obstacle]) => (obstacle ? [[path, obstacle]] : []))),
  };
}

async function obstacleTo(
  path: string,
  { here }: Engine,
  scratch: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!here) {
    return "the engine is on another host, whose devices can't be tried";
  }
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'it is not there; the host may have to load its module'
      : 'it may not be opened by this user';
  }
  if (path !== '/dev/kvm') {
    return undefined;
  }
  const qemu = await which('qemu-system-x86_64', signal);
  return kvmTrial(qemu ?? 'qemu-system-x86_64', scratch, signal);
}
