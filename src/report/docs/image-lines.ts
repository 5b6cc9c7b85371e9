import type { Distro } from '../../domain/distro.ts';
import { escaped, linked } from '../markdown-text.ts';

/** How the farm has machines of a release. */
export function imageLines({ images: { qemu, cloud, docker } }: Distro): string {
  const from = ({ source, trust }: { readonly source: string; readonly trust: string }) =>
    ` (${linked(source)}; ${trust})`;
  const lines = [
    ...(qemu ? [`- qemu:built: mmdebstrap, suite ${escaped(qemu.suite)}`] : []),
    ...(cloud
      ? [
          `- qemu:cloud: ${cloud.url === undefined ? escaped(cloud.bring ?? '') : `<${cloud.url}>`}${from(cloud)}`,
        ]
      : []),
    ...(docker
      ? [
          `- docker: ${docker.reference === undefined ? 'built by mmdebstrap' : `\`${docker.reference}\``}${from(docker)}`,
        ]
      : []),
  ];
  return lines.length > 0 ? `## Machines\n\n${lines.join('\n')}` : '';
}
