# shellcheck shell=sh
# Kata's guest without Kata: its kernel and root file system in a VMM that is started by hand. Needs machine.sh,
# nested.sh, and kata.env beside it.
. ./kata.env

# configured KEY: its value in the stack's configuration, where drop-ins win; nothing where it is not set.
configured() {
  cat "$kata_config" "$(dirname "$kata_config")"/config.d/*.toml 2>/dev/null |
    sed -n -E "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*\"?([^\"#]*).*/\1/p" | sed 's/[[:space:]]*$//' | tail -n 1
}

# guest_words [DEVICE [dax,]]: the kernel's command line, as Kata 4.1 makes it (hypervisor/src/kernel_param.rs) but for the
# console, which Kata reads by other means. Without a device it is for an initrd.
guest_words() {
  echo "console=ttyS0 quiet reboot=k panic=1 systemd.unit=kata-containers.target \
systemd.mask=systemd-networkd.service systemd.mask=systemd-networkd.socket \
${1:+root=$1 rootflags=${2:-}data=ordered,errors=remount-ro ro rootfstype=$(configured rootfs_type)} \
$(configured kernel_params)"
}

# start_guest_qemu QEMU KERNEL image|initrd ROOTFS: on the devices that Kata takes by default.
start_guest_qemu() {
  guest_qemu=$1 guest_kernel=$2 guest_kind=$3 guest_root=$4 guest_machine=q35,accel=kvm guest_memory=512
  if [ "$guest_kind" = initrd ]; then
    set -- -initrd "$guest_root" -append "$(guest_words)"
  elif [ "$(configured vm_rootfs_driver)" = virtio-pmem ]; then
    guest_machine=$guest_machine,nvdimm=on guest_memory=512,slots=2,maxmem=4G
    set -- -append "$(guest_words /dev/pmem0p1 dax,)" -device nvdimm,id=rootdev,memdev=root,unarmed=on \
      -object "memory-backend-file,id=root,mem-path=$guest_root,size=$(stat -L -c %s "$guest_root"),share=on,readonly=on"
  else
    set -- -append "$(guest_words /dev/vda1)" -device virtio-blk-pci,drive=root \
      -drive "file=$guest_root,format=raw,if=none,id=root,readonly=on"
  fi

  modprobe vhost_vsock 2>/dev/null || true
  start_vmm "$guest_qemu" -name katafarm-guest -nodefaults -no-user-config -display none -no-reboot \
    -machine "$guest_machine" -cpu host -m "$guest_memory" -kernel "$guest_kernel" \
    -chardev file,id=serial,path=console -serial chardev:serial -device vhost-vsock-pci,guest-cid=77 "$@"
}

# start_guest_clh CLH KERNEL image|initrd ROOTFS
start_guest_clh() {
  guest_clh=$1 guest_kernel=$2 guest_kind=$3 guest_root=$4
  case $guest_kind in
    initrd) set -- --initramfs "$guest_root" --cmdline "$(guest_words)" ;;
    *) set -- --disk "path=$guest_root,readonly=on" --cmdline "$(guest_words /dev/vda1)" ;;
  esac
  start_vmm "$guest_clh" --kernel "$guest_kernel" --cpus boot=1 --memory size=512M,shared=on \
    --serial file=console --console off --vsock cid=77,socket=vsock.sock "$@"
}

# wait_for_agent NAME: until Kata's agent says on the console that it serves (agent/src/rpc.rs).
wait_for_agent() {
  agent_settled() { says 'ttRPC server started' console || says 'Kernel panic' console; }
  wait_for_vmm "$1" "have Kata's agent serve" agent_settled
  ! says 'Kernel panic' console ||
    fail_as guest-panic "the guest's kernel panicked: $(tr -d '\r' <console | sed -n 's/.*not syncing: //p' | head -n 1)" \
      "$(last console)"
}

# call_agent qemu|clh: to its port, 1024. QEMU's vsock is the kernel's; cloud-hypervisor's is a socket, and says OK.
call_agent() {
  case $1 in
    qemu) socat -u OPEN:/dev/null VSOCK-CONNECT:77:1024 2>call.log && return 0 ;;
    clh)
      : >answer
      call_settled() { [ -s answer ] || gone "$vmm"; }
      { echo 'CONNECT 1024'; wait_for 'an answer over vsock' 'last answer' call_settled; } |
        socat - UNIX-CONNECT:vsock.sock >answer 2>call.log || true
      ! grep -q '^OK ' answer || return 0
      ;;
  esac
  fail_as 'agent-timeout' "Kata's agent serves, and is not reached over vsock" "$(last call.log)"
}
