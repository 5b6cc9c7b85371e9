import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Distro } from '../../src/domain/distro.ts';
import type { Speed } from '../../src/domain/speed.ts';
import { UserError } from '../../src/errors.ts';
import type { BootRequest, Image, Machine, Proof, Provider, Template } from '../../src/machine/machine.ts';
import type { Stored } from '../../src/machine/store.ts';
import { type FakeStore, fakeStore } from './fake-store.ts';

export interface FakeOptions {
  /** Thrown by the deed of that name, as often as is said. */
  readonly faults?: Partial<Record<'image' | 'boot' | 'freeze' | 'clone', { error: Error; times: number }>>;
  readonly speed?: Speed;
  readonly proof?: Proof;
  /** Device nodes that it offers. */
  readonly devices?: readonly string[];
  /** A machine in which this returns true is lost: nothing answers any more. */
  readonly lost?: (name: string) => boolean;
  /** What earlier runs left. */
  readonly stored?: readonly Stored[];
}

export interface FakeProvider extends Provider {
  /** What was done, in order: `boot NAME`, `clone NAME`, `end NAME`. */
  readonly deeds: readonly string[];
  /** Machines that were started and not let go of. */
  readonly running: ReadonlySet<string>;
  readonly store: FakeStore;
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
  stored = [],
}: FakeOptions = {}): Promise<FakeProvider> {
  const root = await mkdtemp(join(tmpdir(), 'fake-machines-'));
  const deeds: string[] = [];
  const running = new Set<string>();
  const left = new Map(Object.entries(faults).map(([deed, { times }]) => [deed, times]));
  const store = fakeStore(stored);
  const frozen = new Map<string, Template>();
  let count = 0;

  const stumble = (deed: keyof typeof faults) => {
    const times = left.get(deed) ?? 0;
    if (times > 0) {
      left.set(deed, times - 1);
      throw faults[deed]?.error;
    }
  };

  const wrapped = (name: string, command: string) =>
    lost(name) ? 'exit 255' : `(${command}\n); s=$?; [ $s -ne 255 ] || s=254; exit $s`;

  const machineIn = (
    folder: string,
    name: string,
    held?: Disposable,
  ): Machine & { readonly folder: string } => {
    let isKept = false;
    const children = new Set<ChildProcess>();
    const end = (child: ChildProcess) =>
      child.pid && children.has(child) && process.kill(-child.pid, 'SIGKILL');

    return {
      name,
      folder,
      spawn(command, { signal, input = false } = {}) {
        // What the farm puts under /run is in the folder.
        const own = command.replaceAll('/run/katafarm-', join(folder, 'run/katafarm-'));
        const argv = ['-c', wrapped(name, own)];
        const child = spawn('/bin/sh', argv, { cwd: folder, detached: true });
        const stop = () => end(child);
        children.add(child);
        signal?.addEventListener('abort', stop, { once: true });
        child.once('exit', () => children.delete(child));
        child.once('close', () => signal?.removeEventListener('abort', stop));
        child.stdin.on('error', () => {});
        if (!input) {
          child.stdin.end();
        }
        return child;
      },
      push: (local, remote) => cp(local, join(folder, remote)),
      pull: (remote, local) => cp(join(folder, remote), local),
      async reboot() {
        deeds.push(`reboot ${name}`);
      },
      attach(command = 'exit 0') {
        deeds.push(`attach ${name}`);
        return spawn('/bin/sh', ['-c', wrapped(name, command)], { cwd: folder, stdio: 'ignore' });
      },
      async keep({ run, cell }) {
        const id = `kept-${count}`;
        isKept = true;
        children.forEach(end);
        await cp(folder, join(root, id), { recursive: true });
        const distro = cell.split('/')[0] as Distro['id'];
        store.put({ kind: 'kept', id, distro, title: `${cell} of ${run}` }, join(root, id));
        deeds.push(`keep ${name}`);
        return id;
      },
      answers: async () => !isKept && !lost(name),
      judge: async () => ({ fatal: [], farm: [] }),
      async [Symbol.asyncDispose]() {
        deeds.push(`end ${name}`);
        running.delete(name);
        held?.[Symbol.dispose]();
        children.forEach(end);
      },
    };
  };

  const start = async (
    deed: 'boot' | 'clone' | 'revive',
    { name, announce, logs }: BootRequest,
    from?: string,
    held?: Disposable,
  ) => {
    if (deed !== 'revive') {
      stumble(deed);
    }
    await mkdir(logs, { recursive: true });
    await announce(['fake', name]);
    count += 1;
    const folder = join(root, String(count));
    await (from ? cp(from, folder, { recursive: true }) : mkdir(folder));
    deeds.push(`${deed} ${name}`);
    running.add(name);
    return machineIn(folder, name, held);
  };

  /** `kept`: the release that it is stored under; it goes with the run where that is not given. */
  const templateOf = (folder: string, key: string, kept?: Distro['id']): Template => ({
    key,
    deviations: [],
    clone: (request) => start('clone', request, folder),
    prove: async () => proof,
    async child(change) {
      const there = kept && store.folderOf('template', key + change);
      return there ? templateOf(there, key + change, kept) : undefined;
    },
    async derive(change, request, apply, keep = false) {
      await using child = await start('clone', request, folder);
      await apply(child);
      if (!keep || !kept) {
        return templateOf(child.folder, key + change);
      }
      const title = `${speed.class}, derived: ${change.split('\n')[0]}`;
      store.put({ kind: 'template', id: key + change, distro: kept, title }, child.folder);
      return templateOf(child.folder, key + change, kept);
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
    template: async (image, { memoryMiB, bare = false }) =>
      frozen.get(`${image.distro.id} ${memoryMiB} ${bare}`),
    async freeze(machine, { batch, memoryMiB, bare = false }) {
      stumble('freeze');
      const [distro = ''] = batch.split('/');
      const { folder } = machine as Machine & { readonly folder: string };
      const key = `${bare ? 'bare-' : ''}template-of-${distro}`;
      const id = distro as Distro['id'];
      store.put(
        { kind: 'template', id: key, distro: id, title: `${speed.class}${bare ? ', bare' : ''}` },
        folder,
      );
      const template = templateOf(folder, key, id);
      frozen.set(`${distro} ${memoryMiB} ${bare}`, template);
      return template;
    },
    async revive(kept, request) {
      const folder = store.folderOf('kept', kept);
      if (!folder) {
        throw new UserError(`cannot go into the kept machine ${kept}: it is gone`);
      }
      return start('revive', request, folder, store.use('kept', kept));
    },
    store,
    reap: async () => [],
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
