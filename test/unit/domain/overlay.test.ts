import { describe, expect, it } from 'vitest';
import { changeFact, changesIn, type PackageChange, packagesWith } from '../../../src/domain/overlay.ts';

const changes: readonly PackageChange[] = [
  { name: 'virtiofsd', from: '1.13.2-1', to: '1.14.0-1', asked: true },
  { name: 'hello', to: '2.10-5', asked: false },
  { name: 'virtiofsd-old', from: '1.0', asked: false },
];

describe('changes of an overlay', () => {
  it('are read again from the facts that they were written as, whatever else is told there', () => {
    const facts = changes.map(changeFact).map(({ key, value }) => [key, value] as const);
    const others = { 'overlay.left-out.1': 'linux-image-amd64=6.12.9-1', 'package.virtiofsd': '1.14.0-1' };

    expect(changesIn({ ...others, ...Object.fromEntries(facts) })).toEqual(changes);
  });

  it('make of what was installed what is, by name, and the same a second time', () => {
    const now = packagesWith({ virtiofsd: '1.13.2-1', 'virtiofsd-old': '1.0', runc: '1.1' }, changes);

    expect(Object.entries(now)).toEqual([
      ['hello', '2.10-5'],
      ['runc', '1.1'],
      ['virtiofsd', '1.14.0-1'],
    ]);
    expect(packagesWith(now, changes)).toEqual(now);
  });
});
