/**
 * What Kata's runtime asks of QEMU, by architecture. Essential: without it no plain container comes up with the default
 * configuration. Optional: more of what kata-containers' own build demands of its QEMU
 * (tools/packaging/static-build/qemu/build-qemu.sh, verify_devices).
 */
export interface Features {
  readonly machines: readonly string[];
  readonly accelerators: readonly string[];
  readonly devices: readonly string[];
  readonly objects: readonly string[];
}

const everywhere: Omit<Features, 'machines'> = {
  accelerators: ['kvm'],
  devices: [
    ...['virtio-net-pci', 'virtio-serial-pci', 'virtio-rng-pci', 'virtio-scsi-pci', 'virtio-blk-pci'],
    ...['virtconsole', 'vhost-vsock-pci', 'vhost-user-fs-pci', 'pci-bridge', 'nvdimm', 'scsi-hd'],
  ],
  objects: ['memory-backend-file', 'memory-backend-ram', 'rng-random', 'iothread'],
};

export const essential: Readonly<Record<'amd64' | 'arm64', Features>> = {
  amd64: { machines: ['q35'], ...everywhere },
  arm64: { machines: ['virt'], ...everywhere },
};

const onAmd64: Features = {
  machines: ['microvm'],
  accelerators: ['tcg'],
  devices: [
    ...['vhost-user-blk-pci', 'vfio-pci', 'virtio-mem-pci', 'virtio-balloon-pci', 'virtio-9p-pci'],
    ...['pcie-root-port', 'x3130-upstream', 'xio3130-downstream', 'pcie-pci-bridge', 'pxb-pcie'],
    ...['intel-iommu', 'amd-iommu', 'pvpanic'],
  ],
  objects: ['memory-backend-memfd', 'iommufd', 'tdx-guest', 'sev-guest', 'sev-snp-guest'],
};

/** What is about a PC's processor and board alone. */
const onlyAmd64 = ['intel-iommu', 'amd-iommu', 'pvpanic', 'tdx-guest', 'sev-guest', 'sev-snp-guest'];

export const optional: Readonly<Record<'amd64' | 'arm64', Features>> = {
  amd64: onAmd64,
  arm64: {
    ...onAmd64,
    machines: [],
    devices: onAmd64.devices.filter((name) => !onlyAmd64.includes(name)),
    objects: onAmd64.objects.filter((name) => !onlyAmd64.includes(name)),
  },
};

/** What QEMU lists of itself, read from the four `help` texts. */
export function featuresIn(help: Readonly<Record<keyof Features, string>>): Features {
  return {
    machines: wordsIn(help.machines, /^([\w.-]+)\s/gm),
    accelerators: wordsIn(help.accelerators, /^([a-z]+)$/gm),
    devices: wordsIn(help.devices, /^name "([^"]+)"/gm),
    objects: wordsIn(help.objects, /^\s+([\w-]+)$/gm),
  };
}

/** What is wanted and not there, as words of their own: `device nvdimm`. */
export function missingOf(wanted: Features, there: Features): readonly string[] {
  return (['machines', 'accelerators', 'devices', 'objects'] as const).flatMap((kind) =>
    wanted[kind].filter((name) => !there[kind].includes(name)).map((name) => `${kind.slice(0, -1)} ${name}`),
  );
}

const wordsIn = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, word = '']) => word);
