import { describe, expect, test } from 'vitest';
import { clhRequests } from '../../../scenarios/parts/clh-requests.ts';
import {
  argumentsOf,
  factOf,
  formsOf,
  kataLines,
  nameOf,
  placed,
} from '../../../scenarios/parts/kata-cmdlines.ts';
import { plugsOf, requestsOf } from '../../../scenarios/parts/kata-plugs.ts';
import { refusalsIn } from '../../../scenarios/parts/qmp.ts';
import { descriptors } from '../../../scenarios/parts/stand-ins.ts';

const places = {
  ...{
    kernel: '/boot/vmlinuz-6.12',
    initrd: 'initrd',
    image: 'image',
    'image-mib': '128',
    'image-bytes': '134217728',
  },
  ...{ memory: '5932', 'memory-and-image': '6956', 'disk-file': 'disk', cid: '77' },
  ...{ share: 'share', console: 'console.sock', pidfile: 'qemu.pid' },
  ...Object.fromEntries(Object.entries(descriptors).map(([name, number]) => [name, String(number)])),
};
const every = kataLines.flatMap((line) =>
  formsOf(line).map((form) => ({ name: nameOf(line, form), line, form })),
);
const pinned = kataLines.filter((line) => line.pinned);

describe("Kata's command lines", () => {
  test('one Kata and runtime decides, and all of its forms are tried', () => {
    expect(pinned.map(({ kata, runtime }) => `${kata} ${runtime}`)).toEqual(['4.1.0 runtime-rs']);
    expect(pinned.flatMap(formsOf)).toHaveLength(4);
  });

  test.for(every)('$name leaves no place open, and says each option of its own', ({ line, form }) => {
    const words = argumentsOf(line, form, places);

    expect(words.join(' ')).not.toMatch(/[<>[\]]/);
    expect(words.filter((word) => word === '-kernel')).toHaveLength(1);
    expect(words.includes('-initrd')).toBe(form.root === 'initrd');
    expect(words.some((word) => word.startsWith('nvdimm,'))).toBe(form.root === 'image');
    expect(words.some((word) => word.includes('disable-modern=true'))).toBe(form.where === 'nested');
  });

  test('a text of many words is one argument', () => {
    const [line] = pinned as [(typeof kataLines)[number]];

    const words = argumentsOf(line, { root: 'initrd', where: 'bare' }, places);

    expect(words.slice(0, 8)).toEqual([
      ...['-name', 'sandbox-katafarm', '-kernel', '/boot/vmlinuz-6.12', '-initrd', 'initrd', '-append'],
      'reboot=k panic=1 systemd.unit=kata-containers.target systemd.mask=systemd-networkd.service systemd.mask=systemd-networkd.socket agent.cdh_api_timeout=50 cgroup_no_v1=all systemd.unified_cgroup_hierarchy=1 selinux=0 console=hvc0',
    ]);
  });

  test('every form has a fact of its own, that a journal can name', () => {
    const facts = every.map(({ line, form }) => factOf(line, form));

    expect(new Set(facts).size).toBe(every.length);
    expect(facts).toContain('kata-cmdline.4.1.0.runtime-rs.image.nested');
  });

  test('a place that nobody made is a mistake of ours', () => {
    expect(() => placed('-kernel <kernle>', places)).toThrow('there is no place for <kernle>');
  });
});

describe('what Kata adds to a running QEMU', () => {
  const there = { type: 'host-x86_64-cpu', props: { 'core-id': 0 }, 'qom-path': '/machine/cpu' };
  const free = {
    type: 'host-x86_64-cpu',
    props: { 'core-id': 1, 'socket-id': 0, 'thread-id': 0, 'node-id': 0 },
  };

  test.for(every)('$name sends JSON, the processor that is free first', ({ line }) => {
    const [processor, ...others] = plugsOf(line, places, [there, free]);

    expect(processor?.arguments).toMatchObject({ driver: 'host-x86_64-cpu', 'core-id': 1, 'socket-id': 0 });
    expect(processor?.arguments).not.toHaveProperty('node-id');
    expect(others.map(({ execute }) => execute)).toEqual(
      expect.arrayContaining(['object-add', 'netdev_add', 'blockdev-add', 'device_add']),
    );
  });

  test('where no processor is free, none is added', () => {
    const [line] = pinned as [(typeof kataLines)[number]];

    expect(plugsOf(line, places, [there])).not.toContainEqual(
      expect.objectContaining({ arguments: expect.objectContaining({ driver: 'host-x86_64-cpu' }) }),
    );
  });

  test('each request is a line, and says by its id what it does', () => {
    const lines = requestsOf([
      { execute: 'device_add', arguments: { driver: 'pc-dimm' } },
      { execute: 'quit' },
    ]);

    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual([...['qmp_capabilities', 'device_add pc-dimm', 'quit']]);
  });

  test("what was refused is told in QEMU's words", () => {
    const replies = [
      '{"QMP": {}}',
      '{"return": {}, "id": "netdev_add tap"}',
      '{"error": {"class": "GenericError", "desc": "no io_uring"}, "id": "blockdev-add raw"}',
    ].join('\r\n');

    expect(refusalsIn(replies)).toEqual(['blockdev-add raw: no io_uring']);
  });
});

describe('what Kata asks of cloud-hypervisor', () => {
  const bodies = clhRequests.flatMap(({ runtime, create }) =>
    (['image', 'initrd'] as const).map((root) => ({ runtime, root, body: create[root] })),
  );

  test.for(bodies)('$runtime, $root is JSON with a kernel and one root', ({ root, body }) => {
    const places = { kernel: '/k', image: '/i', initrd: '/r', share: '/s', vsock: '/v' };
    const sizes = { 'memory-bytes': '6442450944', 'hotplug-bytes': '4294967296' };

    const request = JSON.parse(placed(body, { ...places, ...sizes }));

    expect(request.payload.kernel).toBe('/k');
    expect(request.payload.initramfs ?? undefined).toBe(root === 'initrd' ? '/r' : undefined);
    expect(request.disks?.[0].path).toBe(root === 'image' ? '/i' : undefined);
    expect(request.memory.shared).toBe(true);
  });
});
