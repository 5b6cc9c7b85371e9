import { randomBytes } from 'node:crypto';

/** `20261121-223803-4f1c`: sorts by time, and two farms in one second differ. */
export function runId(now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
}
