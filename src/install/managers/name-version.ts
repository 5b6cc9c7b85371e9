import type { Versions } from './package-manager.ts';

/** Reads `NAME VERSION` lines. */
export function spacedVersions(text: string): Versions {
  return new Map(
    text.split('\n').flatMap((line): readonly (readonly [string, string])[] => {
      const [name, version, ...more] = line.trim().split(/\s+/);
      return name && version && more.length === 0 ? [[name, version]] : [];
    }),
  );
}

/** Parts `musl-1.2.5-r9` (apk) and `base-files-0.144_1` (xbps). Undefined where it is neither. */
export function dashedVersion(text: string): readonly [string, string] | undefined {
  const [, name, version] = /^(\S+?)-(\d[^-\s]*(?:-r\d+|_\d+))$/.exec(text) ?? [];
  return name && version ? [name, version] : undefined;
}

/** Parts `bash-0:5.1.8-6.el9.x86_64`, an rpm's name, epoch, version, release and architecture. An epoch of 0 is left out. */
export function rpmVersion(text: string): readonly [string, string] | undefined {
  const [, name, epoch, version, release] =
    /^(\S+)-(?:(\d+):)?([^-:\s]+)-([^-\s]+)\.(?:x86_64|aarch64|noarch)$/.exec(text) ?? [];
  if (!name || !version || !release) {
    return undefined;
  }
  return [name, `${epoch && epoch !== '0' ? `${epoch}:` : ''}${version}-${release}`];
}

/** A line each, parted by one of the functions above; lines that are nothing of the kind are left out. */
export function partedVersions(
  text: string,
  part: (line: string) => readonly [string, string] | undefined,
): Versions {
  return new Map(
    text.split('\n').flatMap((line) => {
      const parted = part(line.trim());
      return parted ? [parted] : [];
    }),
  );
}

/** Lines that are absolute paths. */
export function pathLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('/'));
}
