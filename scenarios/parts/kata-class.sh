# shellcheck shell=sh
# What kind of failure it is when Kata fails, by what was said of it: by Kata, its VMM, virtiofsd and the kernel.

# kata_class FILE...: the class of the first pattern that these files hold; nothing where they hold none.
# What is printed by Kata 4.1 stands beside the file that prints it; what QEMU and the kernel print has no such place.
# Of what follows one from another, the cause stands first: a QEMU that refuses a device is also one that has exited.
kata_class() {
  while read -r class_name class_pattern; do
    case $class_name in '' | '#') continue ;; esac
    if grep -Eqs -e "$class_pattern" "$@"; then
      echo "${class_name%:}"
      return
    fi
  done <<'PATTERNS'
# libs/kata-types: config/hypervisor/{qemu,ch,firecracker,mod}.rs
hypervisor-path: (Qemu|QEMU|CH|FIRECRACKER|OpenVMM|Hypervisor) binary path .* is invalid|Can not find plugin for hypervisor
virtiofsd-path: Virtio-fs daemon path .* is invalid
guest-file: guest (kernel|boot|initrd) image file .* is invalid
# runtime-rs: resource/src/share_fs/share_virtio_fs_standalone.rs and shim/src/panic_hook.rs
virtiofsd-start: A panic occurred at [^ ]*share_virtio_fs_standalone
shim-panic: A panic occurred at [^ ]+:[0-9]+:
io-uring-disabled: io_uring.*(EPERM|Operation not permitted)
qemu-no-io-uring: aio.*does not accept value 'io_uring'|was not built with.*io_uring
machine-type: unsupported machine type|Machine type .* not supported
qemu-device-missing: is not a valid device model name|'[^']*' is not a valid object type
qemu-property: Property '[^']*' not found|Expected '=' after parameter|Invalid parameter '
shm-too-small: unable to map backing store|/dev/shm.*(No space|ENOSPC)
vsock-busy: vhost-vsock.*(Device or resource busy|EBUSY)
nested-virt: KVM: entry failed|kvm run failed|failed to initialize kvm
kernel-format: PVH ELF Note|Error loading.*kernel|invalid kernel header
guest-kernel-modules: VFS: (Cannot open root device|Unable to mount root)|EAFNOSUPPORT
guest-panic: Kernel panic - not syncing
# runtime-rs: resource/src/network/network_model/tc_filter_model.rs
tc-missing: Specified qdisc kind is unknown|add (tap|virt) ingress|add redirect for (tap|virt)
# runtime-rs: hypervisor/src/qemu/{qmp,inner}.rs and hypervisor/src/ch/inner_hypervisor.rs
vmm-exited: timed out waiting for QMP ready|couldn't initialise QMP|API socket connect timed out
# runtime-rs: agent/src/sock/{vsock,hybrid_vsock}.rs; "within" is the last of its tries, the others are told as it goes on
agent-timeout: vsock: failed to connect to .* within|hybrid vsock: failed to connect to .*, err [^,]*$|connect to address .*vsock
glibc: version `GLIBC_[0-9.]+' not found
shim-start: failed to start shim|unsupported shim version|binary not installed
# QEMU says it at the end of any sandbox, too.
vhost-user-handshake: Failed to (read|write) msg header|VhostUser[A-Za-z]+[(]InvalidMessage
PATTERNS
}

# kata_fail FILE LINE...: fails with that class, if there is one; FILE is what ctr said.
kata_fail() {
  fail_file=$1
  shift
  kata_words
  { dmesg 2>/dev/null | grep 'A panic occurred at' || true; } >kata.kernel
  fail_class=$(kata_class "$fail_file" kata.kernel kata.journal)
  [ -n "$fail_class" ] || fail "$@"
  fail_as "$fail_class" "$@"
}
