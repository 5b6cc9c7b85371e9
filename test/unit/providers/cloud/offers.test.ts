import { describe, expect, it } from 'vitest';
import type { Distro } from '../../../../src/domain/distro.ts';
import { offerFor, offersOf, serving } from '../../../../src/plan/offers.ts';
import { mirrored } from '../../../../src/providers/qemu/cloud/publisher.ts';
import { qemuProvider } from '../../../../src/providers/qemu/provider.ts';
import { published } from '../../../support/cloud-farm.ts';
import { trixie } from '../../../support/image-farms.ts';

const url = 'https://cloud.example/debian-13.qcow2';
const options = {
  ...({ accelerator: 'auto', cache: '/nowhere', allowExpiredMirror: false, freshness: 'checked' } as const),
  now: () => new Date(0),
};
const both = { ...trixie, images: { ...trixie.images, ...published({ url }).images } };
const toBring = published({ bring: 'download it from the customer portal' });

function chosen(distro: Distro, asked?: string, brought = {}) {
  const providers = [
    qemuProvider({ ...options, brought }),
    qemuProvider({ ...options, brought }, 'qemu:cloud'),
  ];
  return offerFor(distro.id, offersOf(serving(providers, asked), [distro]));
}

describe('machines by QEMU', () => {
  it.each([
    ['built, where there is a recipe', both, undefined, 'qemu:built'],
    ['of what is published, where there is none', published({ url }), undefined, 'qemu:cloud'],
    ['built first as well where QEMU is asked for', both, 'qemu', 'qemu:built'],
    ['of what is published where that is asked for', both, 'qemu:cloud', 'qemu:cloud'],
    [
      'of what is published, where QEMU is asked for and there is no recipe',
      published({ url }),
      'qemu',
      'qemu:cloud',
    ],
  ])('are %s', (_, distro, asked, variant) => {
    expect(chosen(distro, asked)).toMatchObject({ variant });
  });

  it('are of what is brought, whatever else there is', () => {
    const brought = { 'debian-13': '/srv/own.qcow2' };

    expect(chosen(both, undefined, brought)).toMatchObject({ variant: 'qemu:cloud', provider: 'qemu:cloud' });
    expect(chosen(trixie, undefined, brought)).toMatchObject({ variant: 'qemu:cloud' });
    expect(chosen(toBring, undefined, brought)).toMatchObject({ variant: 'qemu:cloud' });
  });

  it.each([
    [
      'has to be brought',
      toBring,
      'qemu: its file has no image recipe; qemu:cloud: its image has to be brought: download it from the customer portal; then say --image debian-13=FILE',
    ],
    [
      'is not published',
      trixie,
      'qemu:cloud: its file names no cloud image; bring one by --image debian-13=FILE',
    ],
    [
      'can have nothing installed',
      { ...published({ url }), packageManager: 'nix' } as const,
      'qemu:cloud: nothing can be installed in its image: NixOS installs nothing into a running system: what it has is what its configuration says when it is built',
    ],
    [
      'is of an architecture that nobody tried',
      { ...published({ url }), arch: 'arm64' } as const,
      'qemu:cloud: no cloud image of arm64 was ever tried',
    ],
  ])('are refused where the image %s', (_, distro, because) => {
    const asked = distro === toBring ? undefined : 'qemu:cloud';

    expect(chosen(distro, asked)).toEqual({ because });
  });

  it('are listed, and let go of, once by what keeps them', () => {
    expect(qemuProvider(options).store).toBeDefined();
    expect(qemuProvider(options, 'qemu:cloud').store).toBeUndefined();
  });
});

describe('an address at a mirror', () => {
  const mirrors = {
    'https://cloud.example/': 'https://mirror.example/',
    'https://cloud.example/images/trixie/': 'https://near.example/',
  };

  it.each([
    ['https://cloud.example/a.qcow2', 'https://mirror.example/a.qcow2'],
    ['https://cloud.example/images/trixie/b.qcow2', 'https://near.example/b.qcow2'],
    ['https://other.example/a.qcow2', 'https://other.example/a.qcow2'],
  ])('of %s is %s, by the longest beginning', (address, at) => {
    expect(mirrored(address, mirrors)).toBe(at);
  });
});
