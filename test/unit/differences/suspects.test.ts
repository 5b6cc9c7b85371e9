import { describe, expect, it } from 'vitest';
import { cellOf } from '../../../src/domain/cell.ts';
import type { Change } from '../../../src/domain/changes.ts';
import { suspectsOf } from '../../../src/domain/suspects.ts';
import { suspectLines } from '../../../src/report/change-words.ts';

const changes: readonly Change[] = [
  { of: 'host', name: 'qemu', was: '7.2.21', is: '7.2.22' },
  { of: 'manner', name: 'command', was: 'debian-13', is: 'debian-13 --fresh' },
  { of: 'kata', name: 'Kata', was: '4.0.0', is: '4.1.0' },
  { of: 'machine', release: 'debian-13', name: 'image.digest', was: 'a', is: 'b' },
  { of: 'machine', release: 'debian-13', name: 'kernel', was: '6.12.116', is: '6.12.117' },
  { of: 'package', release: 'debian-12', name: 'runc', was: '1.1.5', is: '1.1.6' },
  { of: 'package', release: 'debian-13', name: 'virtiofsd', was: '1.13.2-1', is: '1.13.2-2' },
];
const namesFor = (scenario: 'kata.uname' | 'vmm.qemu.boot') =>
  suspectsOf(cellOf('debian-13', 'qemu', scenario), changes).map(({ name }) => name);

describe('suspects', () => {
  it("are what changed of the cell's own release and of the host, packages first", () => {
    expect(namesFor('vmm.qemu.boot')).toEqual(['virtiofsd', 'kernel', 'qemu']);
  });

  it('are Kata as well, of a cell that runs it', () => {
    expect(namesFor('kata.uname')).toEqual(['virtiofsd', 'Kata', 'kernel', 'qemu']);
  });

  it('are named by their versions, and are few', () => {
    const many = Array.from({ length: 9 }, (_, index): Change => {
      return { of: 'package', release: 'debian-13', name: `lib${index}`, was: '1', is: '2' };
    });

    expect(suspectLines(many)).toEqual([
      'suspect   lib0 1 → 2',
      'suspect   lib1 1 → 2',
      'suspect   lib2 1 → 2',
      'suspect   lib3 1 → 2',
      'suspect   … 5 more below',
    ]);
  });
});
