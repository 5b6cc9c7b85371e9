import { isNotPackaged, isPackaged, type PartClaim } from '../../domain/claim.ts';
import { type Compiler, compilers, type Distro, packagesOf } from '../../domain/distro.ts';
import { type Part, parts } from '../../domain/stack.ts';
import { code, escaped, linked, table } from '../markdown-text.ts';

/** What a reader calls a part. */
export const partTitles: Readonly<Record<Part, string>> = {
  kernel: 'kernel',
  qemu: 'QEMU',
  'cloud-hypervisor': 'cloud-hypervisor',
  firecracker: 'Firecracker',
  virtiofsd: 'virtiofsd',
  containerd: 'containerd',
  runc: 'runc',
  docker: 'Docker',
  nerdctl: 'nerdctl',
  'cri-o': 'CRI-O',
  kata: 'Kata Containers',
};

/** All that is claimed of a release's packages, with the source of each claim and how far it is trusted. */
export function claimsTable(distro: Distro): string {
  const rows = parts.map((part) => {
    const claim = distro.parts[part];
    return [partTitles[part], ...saidOf(claim), linked(claim.source), claim.trust];
  });
  return table(['part', 'package', 'path', 'source', 'trust'], rows);
}

const compilerTitles: Readonly<Record<Compiler, string>> = { rust: 'Rust', go: 'Go' };

/** The packages by which its file names the compilers that Kata is built with; empty: it names none. */
export function compilersLine({ toolchain }: Distro): string {
  const named = compilers.flatMap((compiler) => {
    const names = packagesOf(toolchain, compiler).map(code);
    return names.length > 0 ? [`${compilerTitles[compiler]} is in ${names.join(', or in ')}`] : [];
  });
  return named.length > 0
    ? `What Kata is built with: ${named.join('; ')}. \`katafarm validate --online\` says whether that is new enough.`
    : '';
}

function saidOf(claim: PartClaim): readonly [string, string] {
  if (isPackaged(claim)) {
    const version = claim.version === undefined ? '' : ` ${escaped(claim.version)}`;
    return [`${code(claim.package)}${version}`, code(claim.path)];
  }
  return isNotPackaged(claim)
    ? [`not packaged: ${linked(claim.notPackaged)}`, '–']
    : [`nobody knows: ${linked(claim.unknown)}`, '–'];
}
