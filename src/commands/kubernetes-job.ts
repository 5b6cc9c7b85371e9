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
  const command = `./katafarm run ${words.map(posixQuote).join(' ')} --shard ${shard} --out "/journals/$JOB_NAME" --yes`;
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
          automountServiceAccountToken: false,
          containers: [container(`${command} || test $? -eq 1`, jobImage, kvm)],
          volumes: volumesOf(claim),
        },
      },
    },
  };
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
