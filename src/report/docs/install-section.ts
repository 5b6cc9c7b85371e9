import { isPackaged, type Packaged } from '../../domain/claim.ts';
import type { Distro } from '../../domain/distro.ts';
import type { RunNote } from '../../domain/evidence.ts';
import { engineParts, type Part } from '../../domain/stack.ts';
import { escaped } from '../markdown-text.ts';
import { partTitles } from './claims.ts';
import type { Docs } from './docs.ts';

/** What a reader installs together. The kernel is there. */
export const installGroups: readonly { readonly title: string; readonly parts: readonly Part[] }[] = [
  { title: 'QEMU and virtiofsd', parts: ['qemu', 'virtiofsd'] },
  { title: 'cloud-hypervisor', parts: ['cloud-hypervisor'] },
  { title: 'Firecracker', parts: ['firecracker'] },
  { title: 'containerd', parts: ['containerd', 'runc'] },
  ...engineParts.map((part) => ({ title: partTitles[part], parts: [part] })),
  { title: 'Kata Containers', parts: ['kata'] },
];

/**
 * How each of a release's parts is installed. A command is `last verified` where a run's machines had these very
 * packages: with the versions that they had, and the run.
 */
export function installSection(distro: Distro, docs: Docs): string {
  const lines = installGroups.flatMap(({ title, parts }) => {
    const there = parts.flatMap((part) => {
      const claim = distro.parts[part];
      return isPackaged(claim) ? [claim] : [];
    });
    return there.length === parts.length ? [entry(title, there, distro, docs)] : [];
  });
  return lines.length > 0
    ? ['## Install', ...lines].join('\n\n')
    : '## Install\n\nNothing of it is known to be packaged here.';
}

function entry(title: string, claims: readonly Packaged[], distro: Distro, docs: Docs): string {
  const names = [...new Set(claims.map((claim) => claim.package))];
  const command = docs.installs(distro.packageManager, names);
  const shown = command
    ? ['```sh', command, '```']
    : [`Packages: ${names.map((name) => escaped(name)).join(', ')}.`];
  return [`${title}:`, '', ...shown, '', verified(names, distro, docs)].join('\n');
}

function verified(names: readonly string[], { id }: Distro, { matrix }: Docs): string {
  const run = newestWith(names, id, matrix.evidence.runs);
  if (!run) {
    return 'Not verified: no published run had these packages in a machine of this release.';
  }
  const versions = names.map((name) => `${name} ${run.packages?.[id]?.[name] ?? ''}`.trim());
  return `Last verified ${run.startedAt.slice(0, 10)}: ${versions.map((one) => escaped(one)).join(', ')} (run ${escaped(run.id)}).`;
}

/** The newest run that had all these packages in a machine of a release. */
export function newestWith(
  names: readonly string[],
  id: Distro['id'],
  runs: readonly RunNote[],
): RunNote | undefined {
  return runs
    .filter(({ packages }) => names.every((name) => packages?.[id]?.[name] !== undefined))
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
    .at(-1);
}
