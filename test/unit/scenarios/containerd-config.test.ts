import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import {
  type Handler,
  isCriDisabled,
  podSettingsIn,
  withHandlers,
} from '../../../scenarios/parts/containerd-config.ts';

const recorded = resolve(import.meta.dirname, '../../recorded/containerd');
const read = (name: string) => readFile(join(recorded, name), 'utf8');

/** Of containerd 1.4 to 2.1: all five releases of Debian ship this one. */
const debian = await read('debian.toml');
const kata: Handler = {
  name: 'kata-qemu',
  type: 'io.containerd.kata-qemu.v2',
  config: '/etc/katafarm/qemu/configuration.toml',
};
const written = {
  runtime_type: 'io.containerd.kata-qemu.v2',
  pod_annotations: ['io.katacontainers.*'],
  privileged_without_host_devices: true,
  options: { ConfigPath: '/etc/katafarm/qemu/configuration.toml' },
};
const runc = { runtime_type: 'io.containerd.runc.v2' };

describe("a handler in a containerd's configuration", () => {
  it("stands in Debian's file, and what Debian had set stays", () => {
    expect(parse(withHandlers(debian, [kata]))).toEqual({
      version: 2,
      plugins: {
        'io.containerd.grpc.v1.cri': {
          cni: { bin_dir: '/usr/lib/cni', conf_dir: '/etc/cni/net.d' },
          containerd: { runtimes: { runc, 'kata-qemu': written } },
        },
        'io.containerd.internal.v1.opt': { path: '/var/lib/containerd/opt' },
      },
    });
  });

  it.each([3, 4])('stands under the name that the plugin has in a file of version %i', (version) => {
    expect(
      parse(withHandlers(`version = ${version}\nimports = ["/etc/containerd/conf.d/*.toml"]`, [kata])),
    ).toEqual({
      version,
      imports: ['/etc/containerd/conf.d/*.toml'],
      plugins: {
        'io.containerd.cri.v1.runtime': { containerd: { runtimes: { runc, 'kata-qemu': written } } },
      },
    });
  });

  it.each([
    [2, 'io.containerd.grpc.v1.cri'],
    [3, 'io.containerd.cri.v1.runtime'],
  ])('makes a file where there is none, of version %i', (version, plugin) => {
    expect(parse(withHandlers('', [kata], version))).toEqual({
      version,
      plugins: { [plugin]: { containerd: { runtimes: { runc, 'kata-qemu': written } } } },
    });
  });

  it('leaves alone a runc that the file configures', () => {
    const own = `version = 2
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      options = { SystemdCgroup = true }`;

    expect(parse(withHandlers(own, [kata]))).toHaveProperty(
      ['plugins', 'io.containerd.grpc.v1.cri', 'containerd', 'runtimes', 'runc', 'options'],
      { SystemdCgroup: true },
    );
  });

  it('takes the place of one of its name', () => {
    const twice = withHandlers(withHandlers(debian, [{ ...kata, config: '/etc/old.toml' }]), [kata]);

    expect(twice).toEqual(withHandlers(debian, [kata]));
  });
});

describe('a configuration that forbids the CRI', () => {
  /** As Docker's own package of containerd has it: a file of version 1 with one line in it. */
  const docker = 'disabled_plugins = ["cri"]\n';

  it("is raised to version 2 and allows it, where it is Docker's", () => {
    expect(isCriDisabled(docker)).toBe(true);
    expect(parse(withHandlers(docker, [kata], 3))).toMatchObject({ version: 2, disabled_plugins: [] });
  });

  it('keeps what else it forbids', () => {
    const text =
      'version = 3\ndisabled_plugins = ["io.containerd.cri.v1.runtime", "io.containerd.snapshotter.v1.zfs"]';

    expect(parse(withHandlers(text, [kata]))).toHaveProperty('disabled_plugins', [
      'io.containerd.snapshotter.v1.zfs',
    ]);
  });

  it('is none where only other plugins are forbidden', () => {
    expect(isCriDisabled('version = 2\ndisabled_plugins = ["io.containerd.snapshotter.v1.zfs"]')).toBe(false);
    expect(isCriDisabled(debian)).toBe(false);
  });
});

describe('a file of version 1', () => {
  it("has the CRI's settings under its full name afterwards", () => {
    const file = parse(withHandlers('[plugins.cri]\nstats_collect_period = 5', [kata]));

    expect(file).toMatchObject({
      version: 2,
      plugins: { 'io.containerd.grpc.v1.cri': { stats_collect_period: 5 } },
    });
    expect(Object.keys(file['plugins'] as object)).toEqual(['io.containerd.grpc.v1.cri']);
  });

  it.each(['[plugins.opt]', 'disabled_plugins = ["zfs"]', 'required_plugins = ["opt"]'])(
    'is not edited on a guess: %s',
    (text) => {
      expect(() => withHandlers(text, [kata])).toThrow(/cannot edit a containerd configuration of version 1/);
    },
  );
});

describe('what containerd says of its configuration for pods', () => {
  it.each([
    ['debian-11', 'k8s.gcr.io/pause:3.2', ['runc']],
    ['debian-12', 'registry.k8s.io/pause:3.6', ['runc']],
    ['debian-13', 'registry.k8s.io/pause:3.8', ['runc']],
    ['debian-forky', 'registry.k8s.io/pause:3.10', ['runc']],
  ])('is read on %s', async (release, pause, handlers) => {
    expect(podSettingsIn(await read(`${release}.dump.toml`))).toEqual({
      pause,
      networkPrograms: ['/usr/lib/cni'],
      networkFolder: '/etc/cni/net.d',
      handlers,
    });
  });

  it("is the farm's trouble where it is of a kind that is not known", () => {
    expect(() => podSettingsIn('version = 5')).toThrow(/cannot read what containerd says/);
  });
});
