import { isPackaged } from '../../domain/claim.ts';
import type { Distro } from '../../domain/distro.ts';
import type { Part } from '../../domain/stack.ts';
import { escaped } from '../markdown-text.ts';
import { partTitles } from './claims.ts';

const built: readonly Part[] = ['qemu', 'cloud-hypervisor', 'firecracker', 'virtiofsd'];

/** What a user has to build there. A command is shown only where a scenario ran it. */
export function buildSection({ parts }: Distro): string {
  const lacking = built.filter((part) => !isPackaged(parts[part]));
  if (lacking.length === 0) {
    return '';
  }
  const names = lacking.map((part) => escaped(partTitles[part])).join(', ');
  return `## To be built\n\nNo package is known of: ${names}. No scenario has built them there yet, so no commands are shown.`;
}
