import { spacedVersions } from './name-version.ts';
import type { PackageManager } from './package-manager.ts';

/** What is asked of rpm's own database, whoever filled it. */
export const rpmDatabase: Pick<PackageManager, 'installed' | 'parseInstalled' | 'owner' | 'parseOwner'> = {
  installed: `rpm -qa --qf '%{NAME} %{EVR}\\n'`,
  parseInstalled: (out) =>
    new Map([...spacedVersions(out)].map(([name, version]) => [name, version.replace(/^0:/, '')])),
  owner: (word) => `rpm -qf --qf '%{NAME}\\n' ${word}`,
  parseOwner: (out) => /^(\S+)$/m.exec(out)?.[1],
};
