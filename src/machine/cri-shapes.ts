/** What the Container Runtime Interface is told and tells, as far as cri.proto has it; names as there, in camel case. */

/** A pod to be run. */
export interface PodConfig {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly namespace: string;
    readonly attempt?: number;
  };
  readonly hostname?: string;
  /** A folder in the machine: containers' logs are files in it. */
  readonly logDirectory: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly linux?: { readonly cgroupParent?: string; readonly securityContext?: Security };
}

export interface Security {
  readonly namespaceOptions?: {
    readonly network?: NamespaceMode;
    readonly pid?: NamespaceMode;
    readonly ipc?: NamespaceMode;
    readonly usernsOptions?: {
      readonly mode: NamespaceMode;
      readonly uids: readonly IdMapping[];
      readonly gids: readonly IdMapping[];
    };
  };
  readonly selinuxOptions?: {
    readonly user?: string;
    readonly role?: string;
    readonly type?: string;
    readonly level?: string;
  };
  readonly runAsUser?: { readonly value: number };
  readonly privileged?: boolean;
}

export type NamespaceMode = 'POD' | 'CONTAINER' | 'NODE';

export interface IdMapping {
  readonly hostId: number;
  readonly containerId: number;
  readonly length: number;
}

/** A container to be made in a pod. */
export interface ContainerConfig {
  readonly metadata: { readonly name: string; readonly attempt?: number };
  readonly image: { readonly image: string };
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly envs?: readonly { readonly key: string; readonly value: string }[];
  readonly mounts?: readonly {
    readonly containerPath: string;
    readonly hostPath: string;
    readonly readonly?: boolean;
    readonly selinuxRelabel?: boolean;
  }[];
  readonly devices?: readonly {
    readonly containerPath: string;
    readonly hostPath: string;
    /** Some of `rwm`. */
    readonly permissions: string;
  }[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Below the pod's `logDirectory`; missing: nothing is logged. Lines of it are `TIME stdout|stderr F|P TEXT`. */
  readonly logPath?: string;
  readonly linux?: {
    readonly resources?: {
      readonly cpuPeriod?: number;
      readonly cpuQuota?: number;
      readonly cpuShares?: number;
      readonly memoryLimitInBytes?: number;
    };
    readonly securityContext?: Security;
  };
}

export interface CriVersion {
  readonly runtimeName: string;
  readonly runtimeVersion: string;
  /** `v1`, or `v1alpha2` for containerd before 1.6. */
  readonly runtimeApiVersion: string;
}

/** `RuntimeReady` or `NetworkReady`, and if it is not, why. */
export interface Condition {
  readonly type: string;
  readonly status: boolean;
  readonly reason: string;
  readonly message: string;
}

export interface PodStatus {
  readonly id: string;
  readonly metadata: { readonly name: string; readonly uid: string; readonly namespace: string };
  readonly state: 'SANDBOX_READY' | 'SANDBOX_NOTREADY';
  /** Null in a list. */
  readonly network: { readonly ip: string } | null;
  readonly runtimeHandler: string;
}

export type ContainerState =
  | 'CONTAINER_CREATED'
  | 'CONTAINER_RUNNING'
  | 'CONTAINER_EXITED'
  | 'CONTAINER_UNKNOWN';

export interface ContainerStatus {
  readonly id: string;
  readonly metadata: { readonly name: string };
  readonly state: ContainerState;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  /** In the machine. */
  readonly logPath: string;
}

export interface ContainerListed extends Pick<ContainerStatus, 'id' | 'metadata' | 'state'> {
  readonly podSandboxId: string;
}

/** What a command in a container came to. */
export interface Executed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}
