/** Why a part of a Kata is not brought into machines: no stack of ours can use it. */
export interface LeftOut {
  /** Below `/opt/kata`. */
  readonly paths: RegExp;
  readonly because: string;
}

/** Half of a release, by size. What a stack uses is never left out, whatever it is called. */
export const leftOut: readonly LeftOut[] = [
  {
    paths: /(^|[-/_.])(snp|sev|tdx|se|coco|confidential)([-/_.]|$)/,
    because: 'for confidential guests, which no machine here can start',
  },
  { paths: /nvidia/, because: 'for GPUs' },
  {
    paths: /(^|[-/])(stratovirt|openvmm|remote|mariner|azure)([-/_.]|$)/,
    because: 'for VMMs and hosts that no stack has',
  },
  { paths: /(^|[-/])nydus/, because: 'for the nydus snapshotter' },
  { paths: /qemu-system-x86_64-|kata-qemu-/, because: 'variants of QEMU' },
  { paths: /^share\/kata-containers\/.*(debug|devkit)/, because: 'guests for debugging' },
  { paths: /^share\/kata-containers\/System\.map/, because: 'for reading a crash by hand' },
  { paths: /^share\/ovmf\//, because: 'firmware that no stack names' },
];
