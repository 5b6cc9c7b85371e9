import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runBound } from '../../src/host/bound-child.ts';
import { own } from '../../src/host/owner.ts';
import { type Keepable, keep } from '../../src/providers/qemu/keep.ts';
import { listKept, overlayName, readKept, removeKept } from '../../src/providers/qemu/kept.ts';
import { ensureImage } from '../../src/providers/qemu/revive.ts';
import { qemuStore } from '../../src/providers/qemu/store.ts';

const cell = 'debian-13/host/host.cpu' as const;
const { signal } = new AbortController();
let cache: string;
let workspace: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'kept-'));
  workspace = join(cache, 'work', 'katafarm-aaaaaa');
  await mkdir(workspace, { recursive: true });
  await mkdir(join(cache, 'images', 'abc'), { recursive: true });
  await own(workspace);
});

afterEach(() => rm(cache, { recursive: true }));

/** A machine on a disk of its own on top of a template's on top of an image's; its QEMU is a stand-in that writes a state. */
async function machine(status = 'completed'): Promise<Keepable> {
  const [raw, template, disk] = [
    join(cache, 'images', 'abc', 'disk.raw'),
    join(workspace, 'template.qcow2'),
    join(workspace, '1-disk.qcow2'),
  ];
  await tool('qemu-img', 'create', '-q', '-f', 'raw', raw, '4M');
  await tool('qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', raw, template);
  await tool('qemu-io', '-c', 'write -q -P 7 0 64k', template);
  await tool('qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', template, disk);
  const identity = { key: join(workspace, 'key'), knownHosts: join(workspace, 'known_hosts') };
  await writeFile(identity.key, 'a private key', { mode: 0o600 });
  await writeFile(identity.knownHosts, 'machine ssh-ed25519 …');

  return {
    name: 'katafarm-r-debian-13-host-host.cpu-1',
    spec: { kernel: join(cache, 'images', 'abc', 'vmlinuz'), disk, memoryMiB: 64 } as Keepable['spec'],
    identity,
    qmp: {
      async execute(command, args) {
        const file = String(args?.['uri'] ?? '').replace('exec:cat > ', '');
        await (command === 'migrate' && writeFile(file, 'the state'));
        return { status };
      },
    },
    logout: async () => Promise.reject(new Error('it hangs')),
    quit: async () => {},
  };
}

async function tool(...argv: readonly string[]): Promise<string> {
  const { code, output } = await runBound(argv, { signal });
  expect({ argv, code, output: code === 0 ? '' : output }).toEqual({ argv, code: 0, output: '' });
  return output;
}

it('keeps a machine that hangs, with all that its template had: it rests on the image alone', async () => {
  const id = await keep(await machine(), { run: 'r', cell }, signal);

  await rm(join(workspace, 'template.qcow2'));
  const disk = join(cache, 'kept', id, 'disk.qcow2');
  await tool('qemu-io', '-r', '-c', 'read -q -P 7 0 64k', disk);
  expect(await tool('qemu-img', 'info', disk)).toContain(join(cache, 'images', 'abc', 'disk.raw'));
  expect(await listKept(cache)).toEqual([
    expect.objectContaining({
      ...{ kind: 'kept', id, distro: 'debian-13', title: `${cell} of r`, image: 'abc', inUse: false },
    }),
  ]);
});

it('leaves nothing of a machine that could not be written', async () => {
  await expect(keep(await machine('failed'), { run: 'r', cell }, signal)).rejects.toThrow(
    /^cannot move the state of katafarm-r-/,
  );

  expect(await readdir(cache)).toEqual(['images', 'work']);
  expect((await readdir(workspace)).filter((name) => name.startsWith('kept-'))).toEqual([]);
});

it('does not remove a machine while a living process has a disk on top of its own', async () => {
  const id = await keep(await machine(), { run: 'r', cell }, signal);
  const overlay = join(workspace, `7-${overlayName(id)}`);
  await writeFile(overlay, '');

  const [listed] = await listKept(cache);
  const first = await removeKept(cache, id, workspace);
  await rm(overlay);
  const second = await removeKept(cache, id, workspace);

  expect([listed?.inUse, first, second]).toEqual([true, 'in use', 'removed']);
  expect(await readKept(cache, id)).toBeUndefined();
  expect(await readdir(join(cache, 'kept'))).toEqual([]);
});

it('removes a machine that a process which is no more was at work with', async () => {
  const id = await keep(await machine(), { run: 'r', cell }, signal);
  await writeFile(join(workspace, `7-${overlayName(id)}`), '');
  await writeFile(join(workspace, 'owner.json'), JSON.stringify({ pid: 1, started: '0', boot: 'another' }));

  expect(await removeKept(cache, id, workspace)).toBe('removed');
  expect((await readdir(workspace)).filter((name) => name.startsWith('away-'))).toEqual([]);
});

it.each(['stop', 'migrate', 'query-migrate'])(
  'gives up on a QEMU that does not answer %s when it is asked to, and leaves nothing',
  async (silent) => {
    const stop = new AbortController();
    const kept = await machine();
    const execute: Keepable['qmp']['execute'] = (command, args) => {
      if (command !== silent) {
        return kept.qmp.execute(command, args);
      }
      setTimeout(() => stop.abort(new Error('interrupted')), 20);
      return new Promise(() => {});
    };

    await expect(keep({ ...kept, qmp: { execute } }, { run: 'r', cell }, stop.signal)).rejects.toThrow(
      'interrupted',
    );
    expect((await readdir(workspace)).filter((name) => name.startsWith('kept-'))).toEqual([]);
  },
  5_000,
);

it('does not begin where there is no room for all of its memory', async () => {
  const large = await machine();
  const spec = { ...large.spec, memoryMiB: 2 ** 40 };

  await expect(keep({ ...large, spec }, { run: 'r', cell }, signal)).rejects.toThrow(
    /MiB are free in .*, and 1099511629824 have to be$/,
  );
});

it('lists what can no longer be read, or was left by a removal that was killed, and removes it', async () => {
  const store = qemuStore(cache);
  const [good, torn, left] = [
    await keep(await machine(), { run: 'r', cell }, signal),
    join(cache, 'kept', 'kept-torn'),
    join(cache, 'kept', 'kept-left.removed'),
  ];
  await Promise.all([torn, left].map((folder) => mkdir(folder)));
  await writeFile(join(torn, 'kept.json'), '{"id": "kept-to');
  await writeFile(join(left, 'state'), 'half of it');

  const kept = (await store.list()).filter(({ kind }) => kind === 'kept');
  const broken = kept.filter(({ title }) => title === 'not whole');

  expect(kept.map(({ id }) => id).toSorted()).toEqual(['kept-left.removed', 'kept-torn', good].toSorted());
  expect(broken.map(({ id }) => id).toSorted()).toEqual(['kept-left.removed', 'kept-torn']);
  expect(await Promise.all(broken.map((one) => store.remove(one)))).toEqual(['removed', 'removed']);
  expect(await readdir(join(cache, 'kept'))).toEqual([good]);
});

it('goes on top of the very disk that it was made on, and of no other', async () => {
  const image = join(cache, 'images', 'abc');
  await writeFile(join(image, 'image.json'), '{"disk": "as it was"}');
  const kept = await readKept(cache, await keep(await machine(), { run: 'r', cell }, signal));
  const told = () => kept && ensureImage(kept).catch(({ name, message }: Error) => `${name}: ${message}`);

  const same = await told();
  await writeFile(join(image, 'image.json'), '{"disk": "another"}');
  const anew = await told();
  await rename(image, `${image}-away`);
  const gone = await told();

  expect(kept?.disk).toBe('as it was');
  expect([same, anew, gone]).toEqual([
    undefined,
    expect.stringMatching(
      /^UserError: cannot go into the kept machine .* rests on was built anew since; run its cell/,
    ),
    expect.stringMatching(/^UserError: cannot go into the kept machine .* rests on is gone; run its cell/),
  ]);
});
