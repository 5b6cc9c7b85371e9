import { type FailurePattern, printedBy } from './pattern.ts';

const kata = (file: string) => `kata-containers 4.1.0 src/${file}`;
const hypervisorConfig = kata('libs/kata-types/src/config/hypervisor/mod.rs');

/** What Kata says of what it was given, or of its own end. */
export const kataPatterns: readonly FailurePattern[] = [
  ...printedBy(hypervisorConfig, [
    {
      class: 'hypervisor-path',
      match:
        /(?:Qemu|QEMU|CH|FIRECRACKER|OpenVMM|Hypervisor) binary path .* is invalid|Can not find plugin for hypervisor/,
    },
    { class: 'virtiofsd-path', match: /Virtio-fs daemon path .* is invalid/ },
    { class: 'guest-file', match: /guest (?:kernel|boot|initrd) image file .* is invalid/ },
  ]),
  ...printedBy(kata('runtime-rs/crates/shim/src/panic_hook.rs'), [
    { class: 'virtiofsd-start', match: /A panic occurred at [^ ]*share_virtio_fs_standalone/ },
    { class: 'shim-panic', match: /A panic occurred at [^ ]+:\d+:/ },
  ]),
  ...printedBy(kata('runtime-rs/crates/hypervisor/src/device/driver/virtio_vsock.rs'), [
    { class: 'host-module-missing', match: /failed to open \/dev\/vhost-vsock/, confirm: 'vhost-vsock' },
  ]),
];

/** What Kata says once something else has happened: a symptom, after the causes. */
export const lastKataPatterns: readonly FailurePattern[] = [
  ...printedBy(kata('runtime-rs/crates/resource/src/network/network_model/tc_filter_model.rs'), [
    {
      class: 'tc-missing',
      match: /Specified qdisc kind is unknown|add (?:tap|virt) ingress|add redirect for (?:tap|virt)/,
    },
  ]),
  ...printedBy(kata('runtime-rs/crates/hypervisor/src/qemu/qmp.rs'), [
    { class: 'qmp', match: /qmp handshake failed/ },
    { class: 'vmm-exited', match: /timed out waiting for QMP ready/ },
  ]),
  ...printedBy(kata('runtime-rs/crates/hypervisor/src/qemu/inner.rs'), [
    { class: 'vmm-exited', match: /couldn't initialise QMP/ },
  ]),
  ...printedBy(kata('runtime-rs/crates/hypervisor/src/ch/inner_hypervisor.rs'), [
    { class: 'vmm-exited', match: /API socket connect timed out/ },
  ]),
  ...printedBy(kata('runtime-rs/crates/agent/src/sock/vsock.rs'), [
    // The last of its tries; the others are told as it goes on, in a green run as well.
    { class: 'agent-timeout', match: /vsock: failed to connect to .* within/ },
  ]),
  ...printedBy(kata('runtime-rs/crates/agent/src/sock/hybrid_vsock.rs'), [
    { class: 'agent-timeout', match: /hybrid vsock: failed to connect to .*, err [^,]*$/m },
  ]),
  ...printedBy(kata('runtime-rs/crates/runtimes/virt_container/src/sandbox.rs'), [
    { class: 'agent-timeout', match: /connect to address .*vsock/ },
  ]),
  ...printedBy(kata('runtime/virtcontainers/pkg/agent/protocols/client/client.go'), [
    { class: 'agent-timeout', match: /timed out connecting to (?:hybrid )?vsock/ },
  ]),
  ...printedBy(kata('agent/rustjail/src/validator.rs'), [
    { class: 'cgroup', match: /cgroup unsupported!|fail to create cgroup manager/, confirm: 'cgroup' },
  ]),
  ...printedBy('containerd core/runtime/v2/shim_manager.go', [
    {
      class: 'shim-start',
      match:
        /failed to start shim|unsupported shim version|runtime "[^"]*" binary not installed|flag provided but not defined/,
    },
  ]),
];
