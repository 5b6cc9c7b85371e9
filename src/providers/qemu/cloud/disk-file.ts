import { UserError } from '../../../errors.ts';
import { runBound } from '../../../host/bound-child.ts';

/** What a published disk turned out to be. */
export interface DiskFile {
  readonly format: 'qcow2' | 'raw';
  /** As a machine sees it. */
  readonly bytes: number;
}

/** What `qemu-img info` says, as far as it is read. */
interface Info {
  readonly format: string;
  readonly 'virtual-size': number;
  readonly 'backing-filename'?: string;
  readonly 'format-specific'?: {
    readonly data?: { readonly 'data-file'?: string; readonly encrypt?: unknown };
  };
}

/** First bytes of what disks are packed with. */
const packers: readonly (readonly [head: string, name: string])[] = [
  ['fd377a585a00', 'xz'],
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['425a68', 'bzip2'],
  ['504b0304', 'zip'],
];

/** How a file is packed, by its first bytes; undefined: not in any way that is known. */
export function packedBy(head: Buffer): string | undefined {
  const text = head.toString('hex');
  return packers.find(([begins]) => text.startsWith(begins))?.[1];
}

/**
 * Looks at a disk that somebody else made. A qcow2 file may name other files of this host as its content: such a one is
 * refused, as is what no machine boots from. Throws a UserError (exit 3).
 */
export async function lookAtDisk(path: string, head: Buffer, signal: AbortSignal): Promise<DiskFile> {
  const refused = (why: string) => new UserError(`cannot use ${path} as an image: ${why}`, { exitCode: 3 });
  const packer = packedBy(head);
  if (packer !== undefined) {
    throw refused(`it is packed by ${packer}; unpack it, and bring it by --image RELEASE=FILE`);
  }
  const isQcow = head.subarray(0, 4).toString('hex') === '514649fb';
  // Not left to qemu-img to guess: a raw disk's first bytes are its maker's to choose.
  const format = isQcow ? 'qcow2' : 'raw';
  const { code, output } = await runBound(['qemu-img', 'info', '--output=json', '-f', format, path], {
    signal,
  });
  if (code !== 0) {
    throw refused(`qemu-img can't read it: ${output.trim().split('\n').at(-1)}`);
  }
  const info = JSON.parse(output) as Info;
  const data = info['format-specific']?.data;
  if (info['backing-filename'] !== undefined || data?.['data-file'] !== undefined) {
    throw refused('it rests on another file, and no image that is published does');
  }
  if (data?.encrypt !== undefined) {
    throw refused('it is encrypted');
  }
  if (!isQcow && head.subarray(510, 512).toString('hex') !== '55aa') {
    throw refused('it is neither a qcow2 file nor a disk with a boot sector or partition table');
  }
  return { format, bytes: info['virtual-size'] };
}
