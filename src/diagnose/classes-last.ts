import type { Row } from './failure-class.ts';
import { symptom, vmmAge, vmmAlone } from './points.ts';
import { kata, printed, scenario } from './words.ts';

/** What is said once something else has happened, after its causes. */
export const lastClasses: readonly Row[] = [
  {
    id: 'tc-missing',
    title: 'traffic can not be led between the tap device and the container',
    blame: 'unknown',
    takes: 'the probe of tc found red',
    swaps: ['kata'],
    words: [
      printed(
        kata('runtime-rs/crates/resource/src/network/network_model/tc_filter_model.rs'),
        /Specified qdisc kind is unknown|add (?:tap|virt) ingress|add redirect for (?:tap|virt)/,
      ),
    ],
  },
  {
    id: 'qmp',
    title: 'the handshake over QMP fails',
    ...symptom,
    words: [printed(kata('runtime-rs/crates/hypervisor/src/qemu/qmp.rs'), /qmp handshake failed/)],
  },
  {
    id: 'vmm-exited',
    title: 'the VMM ended',
    ...vmmAlone,
    words: [
      // Why it ended, in its own words, which Kata hands on: it names the option that it does not take.
      printed(
        kata('runtime-rs/crates/hypervisor/src/qemu/inner.rs'),
        /qemu stderr: "\S*qemu\S*: -(?!.*: (?:warning|info): )/,
      ),
      printed(kata('runtime-rs/crates/hypervisor/src/qemu/qmp.rs'), /timed out waiting for QMP ready/),
      printed(kata('runtime-rs/crates/hypervisor/src/qemu/inner.rs'), /couldn't initialise QMP/),
      printed(
        kata('runtime-rs/crates/hypervisor/src/ch/inner_hypervisor.rs'),
        /API socket connect timed out/,
      ),
    ],
  },
  {
    id: 'agent-timeout',
    title: "Kata's agent is not reached",
    ...symptom,
    words: [
      // The last of its tries; the others are told as it goes on, in a green run as well.
      printed(kata('runtime-rs/crates/agent/src/sock/vsock.rs'), /vsock: failed to connect to .* within/),
      printed(
        kata('runtime-rs/crates/agent/src/sock/hybrid_vsock.rs'),
        /hybrid vsock: failed to connect to .*, err [^,]*$/m,
      ),
      printed(kata('runtime-rs/crates/runtimes/virt_container/src/sandbox.rs'), /connect to address .*vsock/),
      printed(
        kata('runtime/virtcontainers/pkg/agent/protocols/client/client.go'),
        /timed out connecting to (?:hybrid )?vsock/,
      ),
    ],
  },
  {
    class: 'cgroup',
    ...printed(kata('agent/rustjail/src/validator.rs'), /cgroup unsupported!|fail to create cgroup manager/, {
      confirm: 'cgroup',
    }),
  },
  {
    id: 'shim-start',
    title: "Kata's shim does not start",
    ...symptom,
    words: [
      printed(
        'containerd core/runtime/v2/shim_manager.go',
        /failed to start shim|unsupported shim version|runtime "[^"]*" binary not installed|flag provided but not defined/,
      ),
    ],
  },
  {
    id: 'vmm-refuses',
    title: 'the VMM refuses what Kata asks of it',
    ...vmmAge,
    words: [scenario('vmm/qemu.kata-cmdline.ts', /refuses what Kata asks of it/)],
  },
  {
    class: 'vmm-exited',
    ...scenario(
      'parts/nested.sh',
      /(?:QEMU|qemu|clh|cloud-hypervisor|Firecracker|the VMM) ended with status|does not say its version/,
      'vmm.*',
    ),
  },
  // QEMU says it at the end of a sandbox as well, of another request than the first.
  {
    id: 'vhost-user-handshake',
    title: 'the VMM and virtiofsd do not understand each other',
    blame: 'handshake',
    takes: 'a swap, or who of the two hung up at the first word',
    swaps: ['virtiofsd', 'vmm', 'lsm'],
    words: [
      printed(
        'qemu hw/virtio/vhost-user.c',
        /Failed to (?:read|write) msg header[\s\S]*Original request 1\b|vhost_backend_init failed|VhostUser[A-Za-z]+\(InvalidMessage\)/,
      ),
    ],
  },
];
