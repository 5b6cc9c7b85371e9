import type { Row } from './failure-class.ts';
import { ours, symptom, virtiofsdAlone } from './points.ts';
import { kata, printed } from './words.ts';

const config = kata('libs/kata-types/src/config/hypervisor/mod.rs');

/** What Kata says of what it was given, or of its own end. */
export const kataClasses: readonly Row[] = [
  {
    id: 'hypervisor-path',
    title: 'there is no VMM at the path in the configuration',
    ...ours,
    words: [
      printed(
        config,
        /(?:Qemu|QEMU|CH|FIRECRACKER|OpenVMM|Hypervisor) binary path .* is invalid|Can not find plugin for hypervisor/,
      ),
    ],
  },
  {
    id: 'virtiofsd-path',
    title: 'there is no virtiofsd at the path in the configuration',
    ...ours,
    words: [printed(config, /Virtio-fs daemon path .* is invalid/)],
  },
  {
    id: 'guest-file',
    title: 'there is no guest kernel or image at the path in the configuration',
    ...ours,
    words: [printed(config, /guest (?:kernel|boot|initrd) image file .* is invalid/)],
  },
  {
    id: 'virtiofsd-start',
    title: 'virtiofsd does not start',
    ...virtiofsdAlone,
    words: [
      printed(
        kata('runtime-rs/crates/shim/src/panic_hook.rs'),
        /A panic occurred at [^ ]*share_virtio_fs_standalone/,
      ),
    ],
  },
  {
    id: 'shim-panic',
    title: "Kata's shim panicked",
    ...symptom,
    words: [printed(kata('runtime-rs/crates/shim/src/panic_hook.rs'), /A panic occurred at [^ ]+:\d+:/)],
  },
  {
    class: 'host-module-missing',
    ...printed(
      kata('runtime-rs/crates/hypervisor/src/device/driver/virtio_vsock.rs'),
      /failed to open \/dev\/vhost-vsock/,
      { confirm: 'vhost-vsock' },
    ),
  },
];
