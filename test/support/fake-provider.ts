import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Distro } from '../../src/domain/distro.ts';
import type { Speed } from '../../src/domain/speed.ts';
import type { BootRequest, Image, Machine, Proof, Provider, Template } from '../../src/machine/machine.ts';

export interface FakeOptions {
  /** Thrown by the deed of that name, as often as is said. */
  readonly faults?: Partial<Record<'image' | 'boot' | 'freeze' | 'clone', { error: Error; times: number }>>;
  readonly speed?: Speed;
  readonly proof?: Proof;
  /** Device nodes that it offers. */
  readonly devices?: readonly string[];
  /** A machine in which this returns true is lost: nothing answers any more. */
  readonly lost?: (name: string) => boolean;
}

export interface FakeProvider extends Provider {
  /** What was done, in order: `boot NAME`, `clone NAME`, `end NAME`. */
  readonly deeds: readonly string[];
  /** Machines that were started and not let go of. */
  readonly running: ReadonlySet<string>;
}

/**
 * Machines that are folders of this host: commands run in them by /bin/sh. It keeps the contract that the real ones
 * keep (provider-contract.ts), as far as a folder can.
 */
export async function fakeProvider({
  faults = {},
  speed = { class: 'tcg+svm', accelerator: 'tcg', factor: 1, because: 'a fake has no speed' },
  devices = [],
  proof = { nested: true, panicked: false, nestedMs: 1000, said: '' },
  lost = () => false,
}: FakeOptions = {}): Promise<FakeProvider> {
  const root = await mkdtemp(join(tmpdir(), 'fake-machines-'));
  const deeds: string[] = [];
  const running = new Set<string>();
  const left = new Map(Object.entries(faults).map(([deed, { times }]) => [deed, times]));
  let count = 0;

  const stumble = (deed: keyof typeof faults) => {
    const times = left.get(deed) ?? 0;
    if (times > 0) {
      left.set(deed, times - 1);
      throw faults[deed]?.error;
    }
  };

  const machineIn = (folder: string, name: string): Machine & { readonly folder: string } => {
    const children = new Set<ChildProcess>();
    const end = (child: ChildProcess) =>
      child.pid && children.has(child) && process.kill(-child.pid, 'SIGKILL');

    return {
      name,
      folder,
      spawn(command, { signal } = {}) {
        const wrapped = lost(name) ? 'exit 255' : `(${command}\n); s=$?; [ $s -ne 255 ] || s=254; exit $s`;
        const child = spawn('/bin/sh', ['-c', wrapped], { cwd: folder, detached: true });
        const stop = () => end(child);
        children.add(child);
        signal?.addEventListener('abort', stop, { once: true });
        child.once('exit', () => children.delete(child));
        child.once('close', () => signal?.removeEventListener('abort', stop));
        child.stdin.end();
        return child;
      },
      push: (local, remote) => cp(local, join(folder, remote)),
      pull: (remote, local) => cp(join(folder, remote), local),
      reboot: async () => {},
      answers: async () => !lost(name),
      judge: async () => ({ fatal: [], farm: [] }),
      async [Symbol.asyncDispose]() {
        deeds.push(`end ${name}`);
        running.delete(name);
        children.forEach(end);
      },
    };
  };

  const start = async (deed: 'boot' | 'clone', { name, announce }: BootRequest, from?: string) => {
    stumble(deed);
    await announce(['fake', name]);
    count += 1;
    const folder = join(root, String(count));
    await (from ? cp(from, folder, { recursive: true }) : mkdir(folder));
    deeds.push(`${deed} ${name}`);
    running.add(name);
    return machineIn(folder, name);
  };

  const templateOf = (folder: string, key: string): Template => ({
    key,
    deviations: [],
    clone: (request) => start('clone', request, folder),
    prove: async () => proof,
    async derive(change, request, apply) {
      await using child = await start('clone', request, folder);
      await apply(child);
      return templateOf(child.folder, key + change);
    },
    async [Symbol.asyncDispose]() {},
  });

  return {
    name: 'qemu',
    fidelity: 'vm',
    deeds,
    running,
    offers: () => ({ variant: 'qemu:built', devices, memoryMiB: 64 }),
    async image(distro: Distro): Promise<Image> {
      stumble('image');
      return {
        digest: 'd',
        builtAt: '2026-01-01T00:00:00.000Z',
        folder: root,
        distro,
        deviations: [],
        packages: {},
      };
    },
    probe: async () => speed,
    measure: async () => undefined,
    boot: (_image, request) => start('boot', request),
    async freeze(machine) {
      stumble('freeze');
      return templateOf((machine as Machine & { readonly folder: string }).folder, 'k');
    },
    reap: async () => [],
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
