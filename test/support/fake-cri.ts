import type { Cri } from '../../src/machine/cri.ts';
import type { PodConfig } from '../../src/machine/cri-shapes.ts';

/** How pods of a handler come out. */
export interface FakePods {
  /** Of the kernel that the containers run on, one each. */
  readonly boots: readonly [string, string];
  readonly address?: string;
  /** Removing does not help. */
  readonly stays?: boolean;
}

export interface FakeCri extends Cri {
  /** `RunPodSandbox kata-qemu` and the like, in order. */
  readonly deeds: readonly string[];
}

/** An engine without containers: what is said of its pods is all that there is of them. A pod's id is its handler. */
export function fakeCri(pods: Readonly<Record<string, FakePods>>, unready = 0): FakeCri {
  const deeds: string[] = [];
  const there = new Map<string, PodConfig>();
  let looks = 0;
  const podsOf = (id: string) => {
    const found = pods[id];
    if (!found) {
      throw new Error(`RunPodSandbox was refused: no runtime for "${id}" is configured`);
    }
    return found;
  };

  return {
    deeds,
    version: async () => ({ runtimeName: 'containerd', runtimeVersion: '1.7.24', runtimeApiVersion: 'v1' }),
    conditions: async () => {
      looks += 1;
      const status = looks > unready;
      return [
        { type: 'NetworkReady', status, reason: 'NetworkPluginNotReady', message: 'no network config found' },
      ];
    },
    imageStatus: async (image) => `id of ${image}`,
    runPod: async (config, handler) => {
      deeds.push(`run ${handler}`);
      podsOf(handler);
      there.set(handler, config);
      return handler;
    },
    podStatus: async (id) => {
      const { metadata } = there.get(id) as PodConfig;
      const { address } = podsOf(id);
      const network = address === undefined ? null : { ip: address };
      return { id, metadata, network, state: 'SANDBOX_READY', runtimeHandler: id };
    },
    listPods: async () => {
      const ids = [...there.keys()];
      const { metadata } = { ...there.get(ids[0] ?? '') } as PodConfig;
      return ids.map((id) => ({ id, metadata, network: null, state: 'SANDBOX_READY', runtimeHandler: id }));
    },
    stopPod: async (id) => void deeds.push(`stop ${id}`),
    removePod: async (id) => {
      deeds.push(`remove ${id}`);
      if (!podsOf(id).stays) {
        there.delete(id);
      }
    },
    createContainer: async (pod, { metadata }) => `${pod} ${metadata.name}`,
    startContainer: async (id) => void deeds.push(`start ${id}`),
    containerStatus: async (id) => ({
      ...{ id, metadata: { name: id }, state: 'CONTAINER_RUNNING', exitCode: 0, reason: '', message: '' },
      logPath: `/logs of ${there.get(id.split(' ')[0] ?? '')?.metadata.uid}`,
    }),
    listContainers: async () => [],
    stopContainer: async () => {},
    removeContainer: async () => {},
    execSync: async (id, command) => {
      const [pod = '', name] = id.split(' ');
      const [first, second] = podsOf(pod).boots;
      const isPage = command.at(-1)?.includes('wget');
      const stdout = isPage
        ? `${there.get(pod)?.metadata.uid}\n`
        : `boot=${name === 'server' ? first : second}\nkernel=6.18.35\n`;
      return { stdout, stderr: '', exitCode: 0 };
    },
    async [Symbol.asyncDispose]() {},
  };
}
