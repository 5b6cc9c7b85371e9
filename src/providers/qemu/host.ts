import { createHash } from 'node:crypto';
import { access, constants, open, readFile } from 'node:fs/promises';

/** sha256 of a file, as 64 hexadecimal digits. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  // One buffer for all of it: a stream takes a new one for each chunk, and an initrd then costs as much memory as it has.
  const buffer = Buffer.alloc(2 ** 18);
  await using file = await open(path);
  for (;;) {
    const { bytesRead } = await file.read(buffer);
    if (bytesRead === 0) {
      return hash.digest('hex');
    }
    hash.update(buffer.subarray(0, bytesRead));
  }
}

/** Undefined while /dev/kvm can be opened; else why not, in words. That it opens does not mean that it works. */
export async function kvmObstacle(): Promise<string | undefined> {
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'there is no /dev/kvm'
      : '/dev/kvm may not be opened by this user (is it in the group kvm?)';
  }
}

/** What a probe's result depends on: it is measured anew when any of this changes. */
export async function hostKey(qemu: string): Promise<string> {
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  const parameters = await Promise.all(
    ['kvm/version', 'kvm_intel/parameters/nested', 'kvm_amd/parameters/nested'].map((name) =>
      read(`/sys/module/${name}`),
    ),
  );
  const obstacle = (await kvmObstacle()) ?? '';
  const parts = [
    obstacle,
    await read('/proc/sys/kernel/random/boot_id'),
    await read('/proc/version'),
    ...parameters,
  ];
  return createHash('sha256')
    .update([...parts, await sha256Of(qemu)].join('\n'))
    .digest('hex');
}
