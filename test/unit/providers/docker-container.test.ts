import { describe, expect, it } from 'vitest';
import {
  containerConfig,
  holdConfig,
  ownLabels,
  rightsDeviations,
} from '../../../src/providers/docker/container-config.ts';
import { tagOf } from '../../../src/providers/docker/engine-images.ts';
import {
  isForsaken,
  itself,
  type LabelOwner,
  label,
  ownerLabel,
  packed,
  unpacked,
} from '../../../src/providers/docker/labels.ts';
import { speedOf } from '../../../src/providers/docker/speed.ts';

const request = { name: 'control.runc+1@x', run: '20261122-1', memoryMiB: 1024, network: false };
const plain = { devices: [], privileged: false };
const labels = ownLabels('machine', 'r', 'me');

describe('a container', () => {
  it('has named rights and the devices that work, and is not privileged', () => {
    const { HostConfig } = containerConfig(
      'sha256:1',
      request,
      { ...plain, devices: ['/dev/net/tun'] },
      labels,
    );

    expect(HostConfig?.Privileged).toBeUndefined();
    expect(HostConfig?.CapAdd).toEqual(['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'DAC_READ_SEARCH']);
    expect(HostConfig?.Devices).toEqual([
      { PathOnHost: '/dev/net/tun', PathInContainer: '/dev/net/tun', CgroupPermissions: 'rwm' },
    ]);
  });

  it('is privileged where that is asked for, and the record says so', () => {
    const rights = { ...plain, privileged: true };

    expect(containerConfig('sha256:1', request, rights, labels).HostConfig).toMatchObject({
      Privileged: true,
    });
    expect(rightsDeviations(rights)).toEqual(['--privileged: KATAFARM_DOCKER_PRIVILEGED asked for it']);
    expect(rightsDeviations(plain)).toEqual([expect.stringMatching(/SYS_ADMIN.*devices none/)]);
  });

  it.each([
    [true, 'bridge'],
    [false, 'none'],
  ])('asked for a network: %s, has "%s"', (network, mode) => {
    const { HostConfig } = containerConfig('sha256:1', { ...request, network }, plain, labels);

    expect(HostConfig?.NetworkMode).toBe(mode);
  });

  it("has a name that engines take, a machine's memory, and half of it as /dev/shm", () => {
    const config = containerConfig('sha256:1', request, plain, labels);

    expect(config.name).toBe('katafarm-20261122-1-control.runc_1_x');
    expect(config.HostConfig).toMatchObject({ Memory: 2 ** 30, ShmSize: 2 ** 29 });
  });

  it.each([containerConfig('sha256:1', request, plain, labels), holdConfig('sha256:1', labels)])(
    'lives as long as its input, goes by itself, and says whose it is',
    (config) => {
      expect(config).toMatchObject({ OpenStdin: true, StdinOnce: true, AttachStdin: true });
      expect(config.HostConfig?.AutoRemove).toBe(true);
      expect(config.Labels).toEqual({ [label.kind]: 'machine', [label.run]: 'r', [label.owner]: 'me' });
    },
  );

  it('that is only held has no rights at all', () => {
    expect(holdConfig('sha256:1', labels).HostConfig).toMatchObject({
      CapDrop: ['ALL'],
      NetworkMode: 'none',
    });
  });
});

describe("an owner's label", () => {
  const mine = itself() as LabelOwner;
  const told = (change: object) => isForsaken(ownerLabel({ ...mine, ...change }), mine.host);

  it.each([
    ['this very process', false, {}],
    ['an earlier process of the same pid', true, { started: '1' }],
    ['a process of an earlier boot', true, { boot: 'another' }],
    [
      'a process of another PID namespace, which cannot be seen from here',
      false,
      { namespace: 'pid:[1]', pid: 1 },
    ],
    [
      'a process of another host, though it be of another boot',
      false,
      { host: 'elsewhere', boot: 'another' },
    ],
  ])('of %s is forsaken: %s', (_, isGone, change) => {
    expect(told(change)).toBe(isGone);
  });

  it.each([undefined, '', 'null', '{}', 'nonsense', 'pid=1&host=here'])(
    'that is %s is nobody’s to remove',
    (text) => {
      expect(isForsaken(text)).toBe(false);
    },
  );
});

describe('a label', () => {
  it('has nothing in it that a Dockerfile reads in a way of its own', () => {
    expect(ownerLabel()).toMatch(/^[\w=&%.:-]+$/);
  });
});

describe('a record in a label', () => {
  it('comes back as it was', () => {
    expect(unpacked(packed({ packages: { qemu: '1:10' } }))).toEqual({ packages: { qemu: '1:10' } });
  });

  it.each([undefined, '', 'nonsense'])('that is "%s" is none', (text) => {
    expect(unpacked(text)).toBeUndefined();
  });
});

describe("an image's name", () => {
  it('is one that engines take', () => {
    const { repo, tag } = tagOf('kept', 'debian-13@arm64', 'run-debian-13-host/cpu+1');

    expect(repo).toBe('katafarm/debian-13-arm64');
    expect(tag).toBe('kept-run-debian-13-host-cpu-1');
  });
});

describe('the speed of containers', () => {
  it('is 1, and tells of guests in them by what was found of KVM', () => {
    expect(speedOf({ usable: ['/dev/kvm'], lacking: {} })).toMatchObject({ class: 'kvm-nested', factor: 1 });
    expect(speedOf({ usable: [], lacking: { '/dev/kvm': 'no guest came up' } })).toMatchObject({
      ...{ class: 'none', accelerator: 'tcg', factor: 1 },
      because: expect.stringContaining('/dev/kvm: no guest came up'),
    });
  });
});
