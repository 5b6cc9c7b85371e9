export const archs = ['amd64', 'arm64'] as const;

/** As Debian, Go and Kata's release archives name it. */
export type Arch = (typeof archs)[number];

/** What a kernel, and most distros but Debian's kin, call each of them (`uname -m`). */
export const machineNames = { amd64: 'x86_64', arm64: 'aarch64' } as const satisfies Record<Arch, string>;

/** The architecture that a machine says it is of; undefined for one that the farm doesn't know. */
export function archOfMachine(name: string): Arch | undefined {
  return archs.find((arch) => machineNames[arch] === name);
}
