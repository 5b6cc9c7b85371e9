import { join } from 'node:path';
import type { Firmware } from '../argv.ts';
import { uefiCode, uefiVars } from '../image-record.ts';
import { image } from './disks.ts';
import { findUefi } from './firmware.ts';
import type { Order } from './furnish.ts';

/**
 * Puts an image's firmware into its folder: it is the image's from now on, whatever becomes of the host's. Its variables are
 * written to at the first boot, where a distro's bootloader enters itself.
 */
export async function placeFirmware(
  { distro, firmware, folder }: Pick<Order, 'distro' | 'firmware' | 'folder'>,
  signal: AbortSignal,
): Promise<Firmware> {
  if (firmware === 'bios') {
    return { kind: 'bios' };
  }
  const host = await findUefi(distro.arch);
  const [code, vars] = [join(folder, uefiCode), join(folder, uefiVars)];
  await image(['convert', '-f', host.code.format, '-O', 'raw', host.code.path, code], signal);
  await image(['convert', '-f', host.vars.format, '-O', 'raw', host.vars.path, vars], signal);
  return { kind: 'uefi', code, vars, keep: true };
}
