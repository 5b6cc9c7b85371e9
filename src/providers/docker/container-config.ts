import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { BootRequest } from '../../machine/machine.ts';
import { initPath, volumePlace } from './guest-files.ts';
import { type LabelKind, type Labels, label } from './labels.ts';

/** What containers may do on their host, beyond what the engine gives any. */
export interface Rights {
  /** Device nodes of the host that were found usable. */
  readonly devices: readonly string[];
  /** Everything: asked for by KATAFARM_DOCKER_PRIVILEGED, and recorded. */
  readonly privileged: boolean;
}

/**
 * Beyond the engine's default: SYS_ADMIN mounts overlays and namespaces for containerd and runc, NET_ADMIN makes their
 * networks, SYS_PTRACE lets scenarios see whose process is whose, by DAC_READ_SEARCH virtiofsd (from 1.14 on) takes file handles.
 */
const capabilities = ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'DAC_READ_SEARCH'];

/** Docker's own profiles: AppArmor's forbids every mount, seccomp's the keyrings of runc's containers. */
const unconfined = ['apparmor=unconfined', 'seccomp=unconfined'];

/** A container as it is asked of the engine. Pure. */
export function containerConfig(
  image: string,
  request: Pick<BootRequest, 'name' | 'run' | 'memoryMiB' | 'network'>,
  rights: Rights,
  labels: Labels,
): ContainerCreateOptions {
  const memory = request.memoryMiB * 2 ** 20;
  const hostConfig: HostConfig & { readonly CgroupnsMode: string } = {
    AutoRemove: true,
    CgroupnsMode: 'private',
    NetworkMode: request.network ? 'bridge' : 'none',
    Memory: memory,
    // As in a machine: half of its memory, where a sandbox of Kata's has its own.
    ShmSize: memory / 2,
    Mounts: [{ Type: 'volume', Source: '', Target: volumePlace, VolumeOptions: volumeOptions(labels) }],
    ...(rights.privileged
      ? { Privileged: true }
      : {
          CapAdd: capabilities,
          SecurityOpt: unconfined,
          Devices: rights.devices.map((path) => ({
            PathOnHost: path,
            PathInContainer: path,
            CgroupPermissions: 'rwm',
          })),
        }),
  };
  return {
    ...base(image, labels),
    name: containerName(request),
    Hostname: 'katafarm',
    Cmd: [initPath],
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: hostConfig,
  };
}

/** A container that does nothing but rest on an image, so that nobody removes that. Pure. */
export function holdConfig(image: string, labels: Labels): ContainerCreateOptions {
  return {
    ...base(image, labels),
    Cmd: ['/bin/cat'],
    HostConfig: { AutoRemove: true, NetworkMode: 'none', CapDrop: ['ALL'] },
  };
}

/** Its input is this process's to hold: it ends when that is gone (StdinOnce). */
function base(image: string, labels: Labels): ContainerCreateOptions {
  return {
    Image: image,
    Labels: labels,
    Entrypoint: [],
    WorkingDir: '/root',
    User: '0',
    Tty: false,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
  };
}

const volumeOptions = (labels: Labels) => ({
  NoCopy: true,
  Labels: { ...labels },
  DriverConfig: { Name: 'local', Options: {} },
});

/** Engines allow fewer characters than we do. */
function containerName({ run, name }: Pick<BootRequest, 'run' | 'name'>): string {
  return `katafarm-${run}-${name}`.replaceAll(/[^A-Za-z0-9_.-]/g, '_');
}

/** Labels of what goes with this process. */
export function ownLabels(kind: LabelKind, run: string, owner: string): Labels {
  return { [label.kind]: kind, [label.run]: run, [label.owner]: owner };
}

/** What these rights add to the record. */
export function rightsDeviations({ privileged, devices }: Rights): readonly string[] {
  return privileged
    ? ['--privileged: KATAFARM_DOCKER_PRIVILEGED asked for it']
    : [
        `of the host: capabilities ${capabilities.join(' ')}; ${unconfined.join(', ')}; devices ${devices.join(' ') || 'none'}`,
      ];
}
