import { describe, expect, it } from 'vitest';
import { emulatedWithout, type Images } from '../../../src/domain/image-source.ts';
import { read } from '../../support/domain.ts';

const built = (emulateWithout: readonly string[]): Images => ({
  qemu: {
    ...{ build: 'mmdebstrap', suite: 'trixie', components: ['main'], sources: [], include: [], exclude: [] },
    emulateWithout,
  },
});
const cloud = (emulateWithout?: readonly string[]): Images => ({
  cloud: { bring: 'by hand', firmware: 'both', ...(emulateWithout && { emulateWithout }), ...read },
});

describe('an emulated machine', () => {
  it.each<[string, Images, 'built' | 'cloud', readonly string[]]>([
    ['of a recipe does without what that says', built(['xsave']), 'built', ['xsave']],
    ['of a cloud image does without what its own entry says', cloud(['pku']), 'cloud', ['pku']],
    [
      'of a cloud image has that before the recipe',
      { ...built(['xsave']), ...cloud(['pku']) },
      'cloud',
      ['pku'],
    ],
    ['of a cloud image may lack nothing', { ...built(['xsave']), ...cloud([]) }, 'cloud', []],
    [
      'of a cloud image is as that of the recipe otherwise',
      { ...built(['xsave']), ...cloud() },
      'cloud',
      ['xsave'],
    ],
    ['of a recipe has nothing of the cloud image', { ...built([]), ...cloud(['pku']) }, 'built', []],
    ['lacks nothing where nobody said so', {}, 'cloud', []],
  ])('%s', (_, images, kind, without) => {
    expect(emulatedWithout(images, kind)).toEqual(without);
  });
});
