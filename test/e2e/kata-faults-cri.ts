import type { Fault } from './faults.ts';

/** For the scenarios that come by an engine other than ctr: each fails for the right reason on stack qemu. */
export const criFaults: readonly Fault[] = [
  {
    scenario: 'kata.crictl.pod',
    title: 'a Kata that leaves the network card out',
    prepare: setting('[runtime]', 'internetworking_model = "none"'),
    expect: {
      step: "get a page from the pod's address",
      message: /the machine does not reach the pod at 10\.97\.0\.\d+ by HTTP/,
    },
  },
  {
    scenario: 'kata.crictl.pod',
    title: 'a shim that is not there',
    prepare: 'rm /usr/local/bin/containerd-shim-kata-qemu-v2',
    expect: { step: 'run a pod', message: /RunPodSandbox was refused: .*containerd-shim-kata-qemu-v2/ },
  },
  {
    scenario: 'kata.docker.net',
    title: 'a Kata that leaves the network card out',
    prepare: setting('[runtime]', 'internetworking_model = "none"'),
    expect: { message: /the container reached no server on its machine/ },
  },
];

/** A drop-in that comes after the farm's own. */
function setting(table: string, line: string): string {
  return `cat >/etc/katafarm/qemu/config.d/90-planted.toml <<'PLANTED'\n${table}\n${line}\nPLANTED`;
}
