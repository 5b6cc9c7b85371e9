import { describe, expect, test } from 'vitest';
import { bootTimeIn } from '../../../scenarios/parts/boot-time.ts';
import { versionIn } from '../../../scenarios/parts/facts.ts';
import { pairsIn } from '../../../scenarios/parts/pairs.ts';
import { pluginsIn } from '../../../scenarios/parts/plugins.ts';
import { essential as essentialOf, featuresIn, missingOf } from '../../../scenarios/parts/qemu-features.ts';
import { replyTo } from '../../../scenarios/parts/qmp.ts';
import { sectionsIn } from '../../../scenarios/parts/sections.ts';
import { kataArguments } from '../../../scenarios/parts/virtiofsd.ts';

describe('the number of a version', () => {
  test.for([
    ['QEMU emulator version 10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)', '10.0.13'],
    ['containerd github.com/containerd/containerd 1.4.13~ds1 1.4.13~ds1-1~deb11u4', '1.4.13~ds1'],
    ['containerd github.com/containerd/containerd/v2 2.1.4 v2.1.4', '2.1.4'],
    ['runc version 1.1.15+ds1', '1.1.15+ds1'],
    ['virtiofsd 1.13.2', '1.13.2'],
    ['a shell script', 'unknown'],
  ])('%s', ([said, version]) => {
    expect(versionIn(said ?? '')).toBe(version);
  });
});

describe('boot times of systemd-analyze', () => {
  test('minutes, seconds and milliseconds are seconds', () => {
    const said =
      'Startup finished in 904ms (kernel) + 1min 4.605s (userspace) = 1min 5.509s \ngraphical.target';

    expect(bootTimeIn(said)).toEqual({ kernel: 0.904, userspace: 64.605, total: 65.509 });
  });

  test('a boot that is not finished has none', () => {
    expect(bootTimeIn('Bootup is not yet finished.')).toEqual({});
  });
});

test('of pairs in a text the last of a key holds, and other lines are left out', () => {
  expect(pairsIn('one=1\nnoise\none=a=b \r\nkey with space=no\n')).toEqual({ one: 'a=b' });
});

test('plugins of containerd are told by type and id', () => {
  const table = [
    'TYPE                          ID         PLATFORMS    STATUS',
    'io.containerd.snapshotter.v1  overlayfs  linux/amd64  ok',
    'io.containerd.grpc.v1         cri        linux/amd64  error',
  ].join('\n');

  expect(pluginsIn(table)).toEqual([
    { type: 'io.containerd.snapshotter.v1', id: 'overlayfs', status: 'ok' },
    { type: 'io.containerd.grpc.v1', id: 'cri', status: 'error' },
  ]);
});

describe('what QEMU lists of itself', () => {
  const essential = essentialOf.amd64;
  const help = {
    machines:
      'Supported machines are:\npc                   Standard PC\nq35                  Standard PC (Q35)\n',
    accelerators: 'Accelerators supported in QEMU binary:\ntcg\nkvm\n',
    devices: essential.devices.map((name) => `name "${name}", bus PCI, desc "a device"`).join('\n'),
    objects: `List of user creatable objects:\n${essential.objects.map((name) => `  ${name}`).join('\n')}\n`,
  };

  test('nothing essential is missing where all is listed', () => {
    expect(missingOf(essential, featuresIn(help))).toEqual([]);
  });

  test('a device whose name is only the beginning of another is missing', () => {
    const devices = help.devices.replace('"nvdimm"', '"nvdimm-of-another-kind"');

    expect(missingOf(essential, featuresIn({ ...help, devices }))).toEqual(['device nvdimm']);
  });

  test('a QEMU of another architecture is asked for its own board', () => {
    expect(missingOf(essentialOf.arm64, featuresIn(help))).toEqual(['machine virt']);
  });

  test('a QEMU without KVM lacks an accelerator', () => {
    const accelerators = help.accelerators.replace('kvm\n', '');

    expect(missingOf(essential, featuresIn({ ...help, accelerators }))).toEqual(['accelerator kvm']);
  });
});

describe('replies over QMP', () => {
  const replies = [
    '{"QMP": {"version": {}}}',
    '{"return": {}, "id": "qmp_capabilities"}',
    '{"return": {"enabled": true, "present": true}, "id": "query-kvm"}',
    '{"error": {"class": "CommandNotFound"}, "id": "query-nothing"}',
    '{"torn": ',
  ].join('\r\n');

  test('a reply is told by its id', () => {
    expect(replyTo('query-kvm', replies)).toEqual({ enabled: true, present: true });
  });

  test.for(['query-nothing', 'query-version'])('a refused or missing reply is none: %s', (command) => {
    expect(replyTo(command, replies)).toBeUndefined();
  });
});

test('sections of a text are told by their headings, and one that is not there is empty', () => {
  expect(sectionsIn('== one\nfirst\n== two\nsecond\n', ['one', 'two', 'three'])).toEqual({
    one: 'first\n',
    two: 'second\n',
    three: '',
  });
});

test('virtiofsd is given the arguments that Kata gives it', () => {
  expect(kataArguments('S', 'D').join(' ')).toBe(
    '--socket-path S --shared-dir D --cache auto --thread-pool-size=1 -o announce_submounts',
  );
});
