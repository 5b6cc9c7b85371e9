/** What was found in a machine that a Kata is to be put into. Whatever is missing here is not there. */
export interface Found {
  readonly qemu?: string;
  readonly 'cloud-hypervisor'?: string;
  readonly firecracker?: string;
  /** As `50-virtiofsd.json` names it, else where the release claims it to be. */
  readonly virtiofsd?: string;
  /** Of the running kernel. */
  readonly kernel?: string;
  /** Kata's initrd with the distro's modules in front of the agent, made by the farm in this machine. */
  readonly initrd?: string;
  /** What the distro's QEMU can't do, of what Kata asks by default. */
  readonly lacks: readonly ('nvdimm' | 'io_uring')[];
  /** Why io_uring can't be used, in words: `kernel.io_uring_disabled is 2`. */
  readonly ioUring?: string;
  readonly shmMiB: number;
  readonly memoryMiB: number;
}

/** Reads the `key=value` lines that the looking script printed. */
export function foundIn(text: string): Found {
  const pairs = new Map(
    [...text.matchAll(/^([\w-]+)=(.+)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]),
  );
  const named = ['qemu', 'cloud-hypervisor', 'firecracker', 'virtiofsd', 'kernel', 'initrd'] as const;
  const ioUring = pairs.get('io-uring');
  return {
    ...Object.fromEntries(
      named.flatMap((key) => {
        const path = pairs.get(key);
        return path === undefined ? [] : [[key, path]];
      }),
    ),
    lacks: [
      ...(pairs.get('nvdimm') === 'no' ? (['nvdimm'] as const) : []),
      ...(ioUring === undefined ? [] : (['io_uring'] as const)),
    ],
    ...(ioUring !== undefined && { ioUring }),
    shmMiB: Number(pairs.get('shm-mib') ?? 0),
    memoryMiB: Number(pairs.get('memory-mib') ?? 0),
  };
}
