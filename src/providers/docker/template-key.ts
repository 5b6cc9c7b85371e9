import { createHash } from 'node:crypto';
import { quiet } from './guest-files.ts';

/** Raised when what is kept of a template changes. */
const format = 1;

/** What stands for a template: its image, and all that is done to it. Pure. */
export function templateKey(image: string): string {
  return createHash('sha256')
    .update(JSON.stringify([format, image, quiet]))
    .digest('hex');
}

/** What stands for a child: its parent, and all that goes into the change. Pure. */
export function childKey(parent: string, change: string): string {
  return createHash('sha256')
    .update(parent + change)
    .digest('hex');
}
