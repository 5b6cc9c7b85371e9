import { execFile } from 'node:child_process';
import { access, chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FarmError } from '../../../scenarios/parts/farm-error.ts';
import { told } from '../../../scenarios/parts/told.ts';
import { root } from '../../support/farm.ts';

const parts = join(root, 'scenarios/parts');
/** Programs of a machine in which all is well. `chroot` is told from running a program of the tree by its first word. */
const well: Readonly<Record<string, string>> = {
  busybox: '[ "$*" != "sh -n /init" ] || exec sh -n tree/init',
  socat: '[ "$1" = -V ] && echo socat version 1.8',
  ldd: 'exit 1',
  chroot: 'program=$1$2; shift 2; exec "$program" "$@"',
  cpio: 'cat >/dev/null; echo archive',
  modprobe: 'exit 0',
};
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'initrd-'));
  await mkdir(join(folder, 'commands'));
  await copyFile(join(parts, 'nested-init.sh'), join(folder, 'nested-init.sh'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Makes an initrd where these programs are others; rejects as a scenario's step does. */
async function initrdWith(others: Readonly<Record<string, string>> = {}): Promise<string> {
  for (const [name, body] of Object.entries({ ...well, ...others })) {
    await writeFile(join(folder, 'commands', name), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, 'commands', name), 0o755);
  }
  const script = `set -eu; . ${parts}/machine.sh; . ${parts}/nested.sh; make_initrd virtio_pci`;
  const env = { PATH: `${folder}/commands:${process.env['PATH']}` };
  return await told(
    promisify(execFile)('/bin/sh', ['-c', script], { cwd: folder, env }).then(
      ({ stdout, stderr }) => ({ stdout, stderr, exitCode: 0 }),
      ({ stdout, stderr, code }) => {
        throw Object.assign(new Error(stderr), { stdout, stderr, exitCode: code });
      },
    ),
  );
}

describe("an initrd of the farm's", () => {
  it('is written once its programs were seen to run', async () => {
    await initrdWith();

    await access(join(folder, 'initrd'));
  });

  it.for<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      'a busybox that does not run',
      { busybox: 'echo broken on purpose; exit 1' },
      /busybox .*\nbroken on purpose$/,
    ],
    [
      'a busybox whose interpreter is not in it',
      { chroot: 'echo "chroot: failed to run command: $2" >&2; exit 127' },
      /busybox .*\nchroot: failed/,
    ],
    [
      'a socat that lacks a library',
      { socat: 'echo libwrap.so.0: cannot open >&2; exit 127' },
      /socat .*\nlibwrap/,
    ],
  ])("is the farm's trouble with %s, and is not booted", async ([, others, said]) => {
    const error = await initrdWith(others).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(FarmError);
    expect((error as Error).message).toMatch(said);
    await expect(access(join(folder, 'initrd'))).rejects.toThrow();
  });

  it("is the farm's trouble with an init that no shell understands", async () => {
    await writeFile(join(folder, 'nested-init.sh'), '#!/bin/busybox sh\nif true; then\n');

    await expect(initrdWith()).rejects.toThrow(FarmError);
  });

  it("is the kernel's trouble where that lacks a module", async () => {
    const error = await initrdWith({ modprobe: 'exit 1' }).catch((thrown: unknown) => thrown);

    expect(error).not.toBeInstanceOf(FarmError);
    expect((error as Error).message).toMatch(/^the distro's kernel has no virtio_pci/);
  });
});
