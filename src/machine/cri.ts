import { Client, credentials } from '@grpc/grpc-js';
import { agree, type Call, callsBy, criMethods } from './cri-call.ts';
import type {
  Condition,
  ContainerConfig,
  ContainerListed,
  ContainerStatus,
  CriVersion,
  Executed,
  PodConfig,
  PodStatus,
} from './cri-shapes.ts';
import type { Machine } from './machine.ts';
import { openTunnel } from './tunnel.ts';

/** A client of the Container Runtime Interface: it says to an engine what a kubelet says. */
export interface Cri extends AsyncDisposable {
  version(): Promise<CriVersion>;
  conditions(): Promise<readonly Condition[]>;
  /** The pod's id. `handler` is a runtime's name in the engine's configuration. */
  runPod(config: PodConfig, handler: string): Promise<string>;
  podStatus(pod: string): Promise<PodStatus>;
  listPods(): Promise<readonly PodStatus[]>;
  stopPod(pod: string): Promise<void>;
  removePod(pod: string): Promise<void>;
  /** The container's id. */
  createContainer(pod: string, config: ContainerConfig, podConfig: PodConfig): Promise<string>;
  startContainer(container: string): Promise<void>;
  containerStatus(container: string): Promise<ContainerStatus>;
  listContainers(): Promise<readonly ContainerListed[]>;
  /** Ends it by its stop signal, and after so many seconds by SIGKILL. */
  stopContainer(container: string, seconds: number): Promise<void>;
  removeContainer(container: string): Promise<void>;
  /** Runs a command in it to its end, whatever its exit status. */
  execSync(container: string, command: readonly string[]): Promise<Executed>;
  /** The image's id; undefined: the engine knows no image of this name. */
  imageStatus(image: string): Promise<string | undefined>;
}

export interface CriOptions {
  readonly machine: Pick<Machine, 'name' | 'spawn'>;
  /** The engine's socket in the machine; unless given, containerd's. */
  readonly socket?: string | undefined;
  /** Asked at each call: when it aborts, the call is cancelled. */
  readonly signal?: () => AbortSignal | undefined;
  /** Told each call, and what came of it. */
  readonly tell?: (line: string) => void;
}

const containerdSocket = '/run/containerd/containerd.sock';
/**
 * Resolves when the engine has answered. Calls reject with a CriError where the engine refuses, with a TransportError
 * where the machine is lost, with an Error where the engine hangs up.
 */
export async function openCri({ machine, socket = containerdSocket, ...options }: CriOptions): Promise<Cri> {
  const methods = await criMethods();
  const tunnel = await openTunnel(machine, socket);
  const client = new Client(`unix:${tunnel.path}`, credentials.createInsecure());
  const close = async () => {
    client.close();
    await tunnel[Symbol.asyncDispose]();
  };

  try {
    const call = await agree((api) =>
      callsBy({ client, methods, api, fault: () => tunnel.fault, ...options }),
    );
    return { ...criOf(call), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function criOf(call: Call): Omit<Cri, typeof Symbol.asyncDispose> {
  const pod = (podSandboxId: string) => ({ podSandboxId });
  const container = (containerId: string) => ({ containerId });
  return {
    version: () => call('Version'),
    conditions: async () => (await call<{ status: { conditions: Condition[] } }>('Status')).status.conditions,
    runPod: async (config, runtimeHandler) =>
      (await call<{ podSandboxId: string }>('RunPodSandbox', { config, runtimeHandler })).podSandboxId,
    podStatus: async (id) => (await call<{ status: PodStatus }>('PodSandboxStatus', pod(id))).status,
    listPods: async () => (await call<{ items: PodStatus[] }>('ListPodSandbox')).items,
    stopPod: (id) => call('StopPodSandbox', pod(id)),
    removePod: (id) => call('RemovePodSandbox', pod(id)),
    createContainer: async (id, config, sandboxConfig) => {
      const request = { ...pod(id), config, sandboxConfig };
      return (await call<{ containerId: string }>('CreateContainer', request)).containerId;
    },
    startContainer: (id) => call('StartContainer', container(id)),
    containerStatus: async (id) =>
      (await call<{ status: ContainerStatus }>('ContainerStatus', container(id))).status,
    listContainers: async () => (await call<{ containers: ContainerListed[] }>('ListContainers')).containers,
    stopContainer: (id, timeout) => call('StopContainer', { ...container(id), timeout }),
    removeContainer: (id) => call('RemoveContainer', container(id)),
    execSync: async (id, cmd) => {
      const said = await call<{ stdout: Buffer; stderr: Buffer; exitCode: number }>('ExecSync', {
        ...container(id),
        cmd,
      });
      return { ...said, stdout: said.stdout.toString(), stderr: said.stderr.toString() };
    },
    imageStatus: async (image) => {
      const said = await call<{ image: { id: string } | null }>('ImageStatus', { image: { image } });
      return said.image?.id;
    },
  };
}
