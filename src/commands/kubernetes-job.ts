import type { V1Container, V1Job, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { posixQuote } from '../machine/quote.ts';

/** What a Job is made of that no plan knows. */
export interface JobChoice {
  /** Of a container that has katafarm and its tools. */
  readonly jobImage: string;
  /** A PersistentVolumeClaim, for journals; of many nodes at once it has to be ReadWriteMany. */
  readonly claim: string;
  /** How `/dev/kvm` is had: a device plugin's resource, `privileged`, or `none` for emulation. */
  readonly kvm: string;
}

/** What KubeVirt's device plugin calls it, and its forks. */
export const kvmResource = 'devices.kubevirt.io/kvm';

/** Of one try of a shard, which is meant to take less than one. */
const hours = 3;

/** Building images in the pod: a chroot, devices in it, files of other owners. */
const capabilities = ['SYS_ADMIN', 'SYS_CHROOT', 'MKNOD', 'SETFCAP', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER'];

/**
 * An Indexed Job: one pod a shard, each by itself, as https://kubernetes.io/docs/concepts/workloads/controllers/job/ has it.
 * A red cell is a result: a pod fails, and is tried once more, where the farm could not do its work.
 */
export function kubernetesJob(
  words: readonly string[],
  shards: number,
  { jobImage, claim, kvm }: JobChoice,
): V1Job & { readonly apiVersion: 'batch/v1'; readonly kind: 'Job' } {
  const shard = `"$((JOB_COMPLETION_INDEX + 1))/${shards}"`;
  const run = ['./katafarm', 'run', ...words.map(posixQuote)].join(' ');
  const command = `${run} --shard ${shard} --out "/journals/$JOB_NAME" --yes --timeout ${hours}h`;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { generateName: 'katafarm-', labels },
    spec: {
      completionMode: 'Indexed',
      completions: shards,
      parallelism: shards,
      backoffLimitPerIndex: 1,
      ttlSecondsAfterFinished: 7 * 86_400,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          // The farm ends by itself before that, with all that it has; a pod that hangs is ended, and tried once more.
          activeDeadlineSeconds: (hours + 1) * 3600,
          // For machines to be ended and the journal to be closed.
          terminationGracePeriodSeconds: 120,
          automountServiceAccountToken: false,
          containers: [container(asFirst(command), jobImage, kvm)],
          volumes: volumesOf(claim),
        },
      },
    },
  };
}

/** The pod's first process, which hands the end of its pod on: the farm then ends its machines. A red cell is a result. */
function asFirst(command: string): string {
  return [
    `${command} & farm=$!`,
    'trap \'kill -TERM "$farm"\' TERM',
    'wait "$farm"; status=$?',
    'while kill -0 "$farm" 2>/dev/null; do wait "$farm"; status=$?; done',
    'exit $((status == 1 ? 0 : status))',
  ].join('\n');
}

const labels = { 'app.kubernetes.io/name': 'katafarm' };

function container(command: string, image: string, kvm: string): V1Container {
  const device: Record<string, string> = kvm === 'none' || kvm === 'privileged' ? {} : { [kvm]: '1' };
  const size = { cpu: '2', memory: '8Gi', 'ephemeral-storage': '20Gi', ...device };
  const jobName = { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } };
  return {
    name: 'katafarm',
    image,
    command: ['/bin/sh', '-c', command],
    env: [
      { name: 'JOB_NAME', valueFrom: jobName },
      { name: 'KATAFARM_CACHE', value: '/cache' },
    ],
    // Of extended resources, requests and limits have to be the same.
    resources: { requests: size, limits: { memory: '8Gi', 'ephemeral-storage': '20Gi', ...device } },
    securityContext: kvm === 'privileged' ? { privileged: true } : { capabilities: { add: capabilities } },
    volumeMounts: mounts,
  };
}

const mounts: V1VolumeMount[] = [
  { name: 'journals', mountPath: '/journals' },
  { name: 'cache', mountPath: '/cache' },
];

function volumesOf(claim: string): V1Volume[] {
  return [
    { name: 'journals', persistentVolumeClaim: { claimName: claim } },
    { name: 'cache', emptyDir: {} },
  ];
}
