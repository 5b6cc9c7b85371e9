export const archs = ['amd64', 'arm64'] as const;

/** As Debian, Go and Kata's release archives name it. */
export type Arch = (typeof archs)[number];
