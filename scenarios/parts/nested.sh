# shellcheck shell=sh
# A guest inside the machine, from the distro's own kernel and a small initrd made on the spot. Needs machine.sh.

# What such a guest is made of, by the machine's architecture.
case $(uname -m) in
  aarch64) nested_machine=virt,gic-version=host nested_console=ttyAMA0 ;;
  *) nested_machine=q35 nested_console=ttyS0 ;;
esac

# make_initrd MODULE...: writes ./initrd from busybox, socat with its libraries, and the kernel's modules, once the programs
# in it were seen to run.
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
  # What does not run here would leave any kernel without an init, and that is not the kernel's doing.
  for initrd_program in 'busybox sh -n /init' 'socat -V'; do
    # shellcheck disable=SC2086 # a program with its arguments
    chroot tree /bin/$initrd_program >program.log 2>&1 ||
      farm_error "the farm's initrd has a ${initrd_program%% *} that does not run" "$(last program.log)"
  done
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
# It is never ended here, as the machine is thrown away with it: at a step's limit, a VMM that is gone has gone by itself.
start_vmm() {
  # A module that exists and was not loaded yet is no verdict on the VMM.
  [ -e /dev/kvm ] || modprobe kvm_intel 2>/dev/null || modprobe kvm_amd 2>/dev/null || true
  : >console
  trap show_vmm EXIT
  "$@" >vmm.log 2>&1 </dev/null &
  vmm=$! vmm_started=$(seconds_up)
}

show_vmm() {
  show 'what the VMM said' vmm.log
  show 'console of the nested guest' console
}

# vmm_says: the last words of the VMM and its guest.
vmm_says() { last vmm.log; last console; }

# wait_for_end: the guest powers off and the VMM ends with 0.
wait_for_end() {
  wait_for 'the nested guest to power off' vmm_says gone "$vmm"
  ! says 'Kernel panic' console ||
    fail "the nested guest's kernel panicked: $(tr -d '\r' <console | sed -n 's/.*not syncing: //p' | head -n 1)" "$(last console)"
  vmm_status=0
  wait "$vmm" || vmm_status=$?
  [ "$vmm_status" = 0 ] || fail "the VMM ended with status $vmm_status" "$(vmm_says)"
}

# wait_for_vmm WHO WHAT COMMAND...: until the command says yes; the end of the VMM before that is its failure.
wait_for_vmm() {
  vmm_who=$1 vmm_what=$2
  shift 2
  vmm_settled() { gone "$vmm" || "$@"; }
  wait_for "$vmm_who to $vmm_what" vmm_says vmm_settled "$@"
  ! gone "$vmm" || { wait "$vmm" && vmm_status=0 || vmm_status=$?
    fail "$vmm_who ended with status $vmm_status before it could $vmm_what" "$(vmm_says)"; }
}

# heard: what the nested guest said on its console, as pairs.
heard() { tr -d '\r' <console | sed -n 's/.*katafarm: \([a-z.]*=\)/\1/p'; }

# heard_vsock: what came over vsock, as pairs, once the listener has written down all that the guest says it sent.
heard_vsock() {
  ! says 'katafarm: called=yes' console || wait_for 'what came over vsock' 'last listener.log' gone "$listener"
  cat vsock
}

# start_qemu QEMU WORDS ARGUMENT...: Kata's machine type and accelerator; WORDS go to nested-init.sh.
start_qemu() {
  qemu=$1 qemu_words=$2
  shift 2
  start_vmm "$qemu" -name katafarm-nested -nodefaults -no-user-config -display none -no-reboot \
    -machine "$nested_machine,accel=kvm" -cpu host -m 256 -kernel "/boot/vmlinuz-$(uname -r)" -initrd initrd \
    -append "console=$nested_console quiet panic=-1 $qemu_words" -chardev file,id=serial,path=console -serial chardev:serial \
    -qmp unix:qmp,server=on,wait=off "$@"
}

# ask_qmp COMMAND...: asks over the socket ./qmp; the replies go to stdout, each with its command as id.
ask_qmp() {
  for qmp_last in "$@"; do :; done
  wait_for_vmm QEMU 'make a QMP socket' [ -S qmp ]

  : >qmp.log
  { for qmp_command in qmp_capabilities "$@"; do
      printf '{"execute": "%s", "id": "%s"}\n' "$qmp_command" "$qmp_command"
    done
    # White space between commands means nothing; once socat is gone, as QEMU hung up, writing it ends this side.
    qmp_settled() { gone "$vmm" || says "\"id\": \"$qmp_last\"" qmp.log || { echo || exit 0; false; }; }
    wait_for "QEMU to answer $qmp_last over QMP" 'last qmp.log' qmp_settled
  } | socat - UNIX-CONNECT:qmp >qmp.log || true
  says "\"id\": \"$qmp_last\"" qmp.log || fail "QEMU did not answer $qmp_last over QMP" "$(last qmp.log)" "$(last vmm.log)"
  cat qmp.log
}

# holds_kvm: the VMM has a virtual machine of KVM open.
holds_kvm() { ls -l "/proc/$vmm/fd" 2>/dev/null | grep -q 'anon_inode:kvm-vm'; }

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
