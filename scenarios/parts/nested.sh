# shellcheck shell=sh
# A guest inside the machine, from the distro's own kernel and a small initrd made on the spot. Needs machine.sh.

# make_initrd MODULE...: writes ./initrd from busybox, socat with its libraries, and the kernel's modules.
# Uncompressed: unpacking costs the nested guest more than reading does.
make_initrd() {
  rm -rf tree && mkdir -p tree/bin tree/modules tree/proc tree/sys tree/dev tree/share
  cp "$(command -v busybox)" tree/bin/busybox
  cp -L "$(command -v socat)" tree/bin/socat
  for initrd_library in $(ldd "$(command -v socat)" | grep -o '/[^ ]*'); do
    cp -L --parents "$initrd_library" tree
  done

  : >depends
  for initrd_module in "$@"; do
    modprobe --show-depends "$initrd_module" >>depends 2>depends.log ||
      fail "the distro's kernel has no $initrd_module: a guest cannot use it" "$(last depends.log)"
  done
  awk '$1 == "insmod" && !seen[$2]++ { print $2 }' depends >modules

  initrd_order=100
  while read -r initrd_module; do
    initrd_order=$((initrd_order + 1))
    unpack_module "$initrd_module" "tree/modules/$initrd_order-$(basename "$initrd_module" | sed 's/\.ko.*//').ko"
  done <modules

  cp nested-init.sh tree/init
  chmod 755 tree/init tree/bin/busybox tree/bin/socat
  (cd tree && find . | cpio --quiet -o -H newc) >initrd
}

unpack_module() {
  case $1 in
    *.xz) xz -dc "$1" >"$2" ;;
    *.zst) zstd -qdc "$1" >"$2" ;;
    *.gz) gzip -dc "$1" >"$2" ;;
    *) cp "$1" "$2" ;;
  esac
}

# hear_vsock ADDRESS: writes what comes over vsock to ./vsock; sets $listener.
hear_vsock() {
  : >vsock
  socat -u "$1" OPEN:vsock,creat,append >listener.log 2>&1 </dev/null &
  listener=$!
}

# start_vmm COMMAND...: starts a VMM in the background; sets $vmm. Whatever happens then, its log and console are shown.
start_vmm() {
  # A module that exists and was not loaded yet is no verdict on the VMM.
  [ -e /dev/kvm ] || modprobe kvm_intel 2>/dev/null || modprobe kvm_amd 2>/dev/null || true
  : >console
  trap end_vmm EXIT
  "$@" >vmm.log 2>&1 </dev/null &
  vmm=$! vmm_started=$(seconds_up)
}

end_vmm() {
  stop "$vmm"
  [ -z "${listener-}" ] || stop "$listener"
  show 'what the VMM said' vmm.log
  show 'console of the nested guest' console
}

# wait_for_end SECONDS: the guest powers off and the VMM ends with 0.
wait_for_end() {
  wait_until "$1" gone "$vmm" ||
    fail "the nested guest did not power off within $1 s" "the last it said:" "$(last console)" "$(last vmm.log)"
  ! says 'Kernel panic' console ||
    fail "the nested guest's kernel panicked: $(tr -d '\r' <console | sed -n 's/.*not syncing: //p' | head -n 1)" "$(last console)"
  vmm_status=0
  wait "$vmm" || vmm_status=$?
  [ "$vmm_status" = 0 ] || fail "the VMM ended with status $vmm_status" "$(last vmm.log)" "$(last console)"
}

# heard: what the nested guest said on its console, as pairs.
heard() { tr -d '\r' <console | sed -n 's/.*katafarm: \([a-z.]*=\)/\1/p'; }

# start_qemu QEMU WORDS ARGUMENT...: Kata's machine type and accelerator; WORDS go to nested-init.sh.
start_qemu() {
  qemu=$1 qemu_words=$2
  shift 2
  start_vmm "$qemu" -name katafarm-nested -nodefaults -no-user-config -display none -no-reboot \
    -machine q35,accel=kvm -cpu host -m 256 -kernel "/boot/vmlinuz-$(uname -r)" -initrd initrd \
    -append "console=ttyS0 quiet panic=-1 $qemu_words" -chardev file,id=serial,path=console -serial chardev:serial \
    -qmp unix:qmp,server=on,wait=off "$@"
}

# ask_qmp SECONDS COMMAND...: asks over the socket ./qmp; the replies go to stdout, each with its command as id.
ask_qmp() {
  qmp_seconds=$1
  shift
  for qmp_last in "$@"; do :; done
  qmp_up() { [ -S qmp ] || gone "$vmm"; }
  wait_until "$qmp_seconds" qmp_up || fail "QEMU made no QMP socket within $qmp_seconds s" "$(last vmm.log)"
  alive "$vmm" || { wait "$vmm" && qmp_status=0 || qmp_status=$?
    fail "QEMU ended with status $qmp_status before it answered over QMP" "$(last vmm.log)"; }

  : >qmp.log
  { for qmp_command in qmp_capabilities "$@"; do
      printf '{"execute": "%s", "id": "%s"}\n' "$qmp_command" "$qmp_command"
    done
    wait_until "$qmp_seconds" says "\"id\": \"$qmp_last\"" qmp.log || true
  } | socat - UNIX-CONNECT:qmp >qmp.log || true
  says "\"id\": \"$qmp_last\"" qmp.log || fail "QEMU did not answer $qmp_last over QMP" "$(last qmp.log)" "$(last vmm.log)"
  cat qmp.log
}

# holds_kvm: the VMM has a virtual machine of KVM open (or has ended: whoever asks next sees that).
holds_kvm() {
  gone "$vmm" || ls -l "/proc/$vmm/fd" 2>/dev/null | grep -q 'anon_inode:kvm-vm'
}

# unpack_kernel BZIMAGE FILE: the ELF image that a bzImage carries, as Linux's scripts/extract-vmlinux finds it.
unpack_kernel() {
  for kernel_format in 'xz -dc|\3757zXZ' 'zstd -qdc|\050\265\057\375' 'gzip -dc|\037\213\010'; do
    kernel_magic=$(printf '%b' "$(echo "${kernel_format#*|}" | sed 's/\\/\\0/g')")
    for kernel_offset in $(LC_ALL=C grep -abo -F "$kernel_magic" "$1" | cut -d : -f 1); do
      tail -c "+$((kernel_offset + 1))" "$1" | ${kernel_format%|*} >"$2" 2>/dev/null || true
      [ "$(head -c 4 "$2" | tail -c 3)" != ELF ] || return 0
    done
  done
  fail "no ELF image is found in $1"
}
