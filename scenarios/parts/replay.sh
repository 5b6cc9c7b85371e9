# shellcheck shell=sh
# Starts a VMM as Kata does, with stand-ins for what Kata gives it. Needs machine.sh, nested.sh and stand-ins.ts' files.

# make_files: a disk, a guest's image and an initrd; tells the machine's memory in MiB.
make_files() {
  truncate -s 128M image
  truncate -s 16M disk
  echo machine.sh | cpio --quiet -o -H newc | gzip -c >initrd
  echo "memory=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)"
}

# load_modules: those of the devices that Kata opens for QEMU. One that exists and was not loaded is no verdict.
load_modules() {
  command -v perl >/dev/null || farm_error 'cannot stand in for Kata: there is no perl in the machine'
  for load_module in vhost_vsock vhost_net tun; do modprobe "$load_module" || true; done
}

# start_kata CID QEMU ARGUMENT...: sets $vmm, and writes it to ./pid.
start_kata() {
  rm -f qmp share console.sock replies
  perl backend.pl >backend.log 2>&1 </dev/null &
  backend=$!
  backend_settled() { [ -S share ] || gone "$backend"; }
  wait_for "the stand-in for virtiofsd to listen" 'last backend.log' backend_settled
  [ -S share ] || farm_error 'cannot stand in for virtiofsd' "$(last backend.log)"

  start_vmm perl open.pl "$@"
  echo "$vmm" >pid
  kata_settled() { [ -S qmp ] || gone "$vmm"; }
  wait_for 'QEMU to be started' 'last vmm.log' kata_settled
}

# go_on_with_kata: finds in another shell what start_kata left running.
go_on_with_kata() {
  vmm=$(cat pid)
  trap show_vmm EXIT
}

# talk FILE LAST: sends the QMP commands of a file, until the reply to the id LAST came or QEMU is gone; prints the replies.
talk() {
  : >replies
  talk_settled() { gone "$vmm" || says "\"id\": \"$1\"" replies || { echo || exit 0; false; }; }
  { cat "$1"
    wait_for "QEMU to answer $2" 'last replies' talk_settled "$2"
  } | socat - UNIX-CONNECT:qmp >replies 2>socat.log || true
  says "\"id\": \"$2\"" replies || refused
  cat replies
}

# refused: the end of a QEMU that did not like what it was given.
refused() {
  ! says '^stand-in: ' vmm.log || farm_error 'cannot stand in for Kata' "$(last vmm.log)"
  ! alive "$vmm" || sleep 1
  ! alive "$vmm" || fail 'QEMU did not answer over QMP' "$(last replies)" "$(last vmm.log)"
  refused_status=0 refused_how=ended
  wait "$vmm" 2>/dev/null || refused_status=$?
  # A shell that did not start it cannot know.
  [ "$refused_status" = 127 ] || refused_how="ended with status $refused_status"
  grep -v ': warning: ' vmm.log >complaint || cp vmm.log complaint
  fail "QEMU $refused_how: $(last complaint | tr '\n' ' ' | sed 's/ $//')"
}
