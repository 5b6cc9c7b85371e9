import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../../support/farm.ts';

const library = join(root, 'scenarios/parts/kata-class.sh');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kata-class-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function classOf(...logs: string[]): Promise<string> {
  const names = await Promise.all(
    logs.map(async (text, index) => {
      await writeFile(join(folder, `${index}.log`), `${text}\n`);
      return `${index}.log`;
    }),
  );
  const script = `. ${library}; kata_class ${names.join(' ')} missing.log`;
  const { stdout } = await promisify(execFile)('/bin/sh', ['-euc', script], { cwd: folder });
  return stdout.trim();
}

describe('what is said when Kata fails', () => {
  test.for([
    ['hypervisor-path', 'QEMU binary path `/nonexistent` is invalid: No such file or directory (os error 2)'],
    ['hypervisor-path', 'CH binary path `/usr/bin/cloud-hypervisor` is invalid: No such file'],
    ['virtiofsd-path', 'Virtio-fs daemon path /usr/libexec/virtiofsd is invalid: No such file'],
    ['guest-file', 'guest kernel image file `/opt/vmlinux` is invalid: No such file'],
    ['vmm-exited', 'timed out waiting for QMP ready: /run/kata/one/root/qmp.sock: Connection refused'],
    ['vmm-exited', 'API socket connect timed out after 10 seconds'],
    [
      'virtiofsd-start',
      'A panic occurred at crates/resource/src/share_fs/share_virtio_fs_standalone.rs:240: called',
    ],
    ['shim-panic', 'A panic occurred at crates/runtimes/src/manager.rs:12: called `Option::unwrap()`'],
    [
      'agent-timeout',
      'vsock: failed to connect to VsockAddr { cid: 3, port: 1024 } within 10s (attempts=9), last_err=x',
    ],
    [
      'io-uring-disabled',
      'aio=io_uring was specified, but is not available: io_uring setup: Operation not permitted',
    ],
    ['qemu-no-io-uring', "Parameter 'aio' does not accept value 'io_uring'"],
    ['qemu-device-missing', "-device vhost-vsock-pci: 'vhost-vsock-pci' is not a valid device model name"],
    ['tc-missing', 'Error: Specified qdisc kind is unknown.'],
    ['guest-panic', 'Kernel panic - not syncing: VFS'],
    ['shim-start', 'failed to start shim: start failed: exec: "containerd-shim-kata-qemu-v2": not found'],
  ] as const)('is of kind %s: %s', async ([kind, said]) => {
    expect(await classOf(`ctr: failed to create shim task: ${said}: unknown`)).toBe(kind);
  });

  test('is of no kind where nobody has met its like', async () => {
    expect(await classOf('ctr: failed to create shim task: Others("broken on purpose"): unknown')).toBe('');
  });

  test('is of the kind of its cause: a QEMU that refused a device has also exited', async () => {
    const ctr = 'ctr: timed out waiting for QMP ready';
    const journal = "qemu: -device nvdimm: 'nvdimm' is not a valid device model name";

    expect(await classOf(ctr, journal)).toBe('qemu-device-missing');
  });

  test('of the tries to reach an agent that came in the end, nothing is made', async () => {
    expect(await classOf('vsock: failed to connect to VsockAddr, attempts 3, retry after 10ms, err x')).toBe(
      '',
    );
  });
});
