import { describe, expect, it } from 'vitest';
import { contained } from '../../../src/host/contained.ts';

describe('a contained command', () => {
  it.each([true, false])('ends, and its mounts with it, when we do (root: %s)', (isRoot) => {
    const argv = contained(['mke2fs', '--', 'disk.raw'], isRoot);

    expect(argv).toEqual(expect.arrayContaining(['--pid', '--fork', '--mount', '--kill-child=KILL']));
    expect(argv.slice(argv.indexOf('--'))).toEqual(['--', 'mke2fs', '--', 'disk.raw']);
  });

  it("has an ordinary user's range of owners, and as root the host's own", () => {
    expect(contained(['true'], false)).toEqual(expect.arrayContaining(['--map-root-user', '--map-auto']));
    expect(contained(['true'], true).join(' ')).not.toMatch(/--user|--map/);
  });
});
