import { describe, expect, it } from 'vitest';
import type { BootRequest, Image } from '../../../src/machine/machine.ts';
import {
  childKey,
  type HostMachines,
  type TemplateParts,
  templateKey,
  templateParts,
} from '../../../src/providers/qemu/template-key.ts';
import { read } from '../../support/domain.ts';
import { trixie } from '../../support/image-farms.ts';
import { bootRequest } from '../../support/template-farms.ts';

const image: Image = {
  digest: 'b5912c81',
  builtAt: '2026-11-22T00:01:39.417Z',
  folder: '/cache/images/b5912c81',
  distro: trixie,
  deviations: [],
  packages: {},
};
const host: HostMachines = { qemu: '1493008b', slirp: '77aa', machineType: 'pc-q35-7.2', kvm: [] };

interface Given {
  readonly image?: Partial<Image>;
  readonly disk?: string;
  readonly request?: Partial<BootRequest>;
  readonly host?: Partial<HostMachines>;
}

const keyOf = (given: Given = {}) =>
  templateKey(
    templateParts(
      { ...image, ...given.image },
      given.disk ?? 'fa3b0fcd',
      { ...bootRequest, ...given.request },
      { ...host, ...given.host },
    ),
  );

const emulated = bootRequest.speed;
const ofCloud = {
  ...trixie,
  images: {
    ...trixie.images,
    cloud: { bring: 'by hand', firmware: 'bios', emulateWithout: ['avx'], ...read },
  },
} as const;
const withoutAvx = { ...trixie, images: { qemu: { ...trixie.images.qemu, emulateWithout: ['avx'] } } };

describe("a template's key", () => {
  it.each<[string, Given]>([
    ['run and name', { request: { run: 'run-2', name: 'debian-13-shell' } }],
    ['logs', { request: { logs: '/elsewhere' } }],
    ['network: a clone has its own', { request: { network: true } }],
    ['purpose', { request: { purpose: 'commands' } }],
    ['measure of the same speed class', { request: { speed: { ...emulated, factor: 9, because: 'busy' } } }],
    ['CPU of a cloud image, which it is not', { image: { distro: ofCloud } }],
    ['place of the cache', { image: { folder: '/elsewhere/images/b5912c81' } }],
    ['word for the usual processor', { request: { bare: false } }],
    ['time of the build', { image: { builtAt: '2026-11-23T00:00:00.000Z' } }],
  ])('is the same with another %s', (_, given) => {
    expect(keyOf(given)).toBe(keyOf());
  });

  it.each<[string, Given]>([
    ['image', { image: { digest: 'ceed3248' } }],
    ['disk of the same packages', { disk: '00ff' }],
    ['kind of processor', { request: { bare: true } }],
    ['memory size', { request: { memoryMiB: 4096 } }],
    ['accelerator', { request: { speed: { ...emulated, accelerator: 'kvm' } } }],
    ['speed class', { request: { speed: { ...emulated, class: 'none' } } }],
    ['set of CPU features', { image: { distro: withoutAvx as typeof trixie } }],
    ['firmware', { image: { firmware: 'bios' } }],
    ['QEMU', { host: { qemu: '0000' } }],
    ['libslirp', { host: { slirp: '0000' } }],
    ['machine type', { host: { machineType: 'pc-q35-8.0' } }],
    ['host under KVM', { host: { kvm: ['Linux 6.12', 'nested=Y'] } }],
  ])('changes with another %s', (_, given) => {
    expect(keyOf(given)).not.toBe(keyOf());
  });

  it('changes with the CPU features that a cloud image does without', () => {
    const ofKey = (distro: typeof trixie) => keyOf({ image: { distro, firmware: 'bios' } });

    expect(ofKey(ofCloud)).not.toBe(ofKey(trixie));
  });

  it('does not depend on the order in which its parts are written', () => {
    const parts = templateParts(image, 'fa3b0fcd', bootRequest, host);
    const reversed = Object.fromEntries(Object.entries(parts).toReversed()) as unknown as TemplateParts;

    expect(templateKey(reversed)).toBe(templateKey(parts));
  });

  it('is made of no path of this host, no run and no name', () => {
    const said = JSON.stringify(templateParts(image, 'fa3b0fcd', bootRequest, host));

    expect(said).not.toMatch(/\/cache|\/nowhere|run-1|debian-13-template/);
  });

  it("is its parent's and the change's where it is a child", () => {
    const keys = [
      childKey('aa', 'kata'),
      childKey('bb', 'kata'),
      childKey('aa', 'runc'),
      childKey('aa', 'kata'),
    ];

    expect(new Set(keys).size).toBe(3);
    expect(keys[3]).toBe(keys[0]);
  });

  it('knows what is done to a machine before it is frozen', () => {
    const { preparation } = templateParts(image, 'fa3b0fcd', bootRequest, host);

    expect(preparation).toContain('systemctl stop $timers');
    expect(preparation).toContain('authorized_keys');
    expect(preparation).toContain('date -u -s @0.000');
  });
});
