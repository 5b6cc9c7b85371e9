# shellcheck shell=sh
# The life of a container after its start, and what it leaves. Needs machine.sh and kata.sh.

# task_status NAME: RUNNING, PAUSED or STOPPED; nothing where there is no such task.
task_status() { ctr -n kata tasks ls | awk -v name="$1" '$1 == name { print $3 }'; }
is_status() { [ "$(task_status "$1")" = "$2" ]; }

# wait_for_stop NAME: until its first process has ended and containerd knows.
wait_for_stop() { wait_for "$1 to be stopped" "task_status $1" is_status "$1" STOPPED; }

# signal NAME SIGNAL: to its first process.
signal() {
  echo "sending $2 to $1" >&2
  ctr -n kata tasks kill --signal "$2" "$1" >signal.log 2>&1 ||
    fail_as signal-refused "$2 does not reach $1" "$(last_error signal.log)"
}

# remove NAME: a task that has ended, and its container.
# A shim of Kata 4.1 ends by itself at the first look at an agent that is gone (runtimes/virt_container/src/health_check.rs),
# also between the end of a container and its removal: then containerd removes the task.
remove() {
  ctr -n kata tasks rm "$1" >remove.log 2>&1 || {
    grep -q 'ttrpc: closed' remove.log ||
      kata_fail remove.log "the task of $1 can't be removed" "$(last_error remove.log)"
    wait_for "containerd to remove $1, whose shim has ended" "task_status $1" is_status "$1" ''
  }
  ctr -n kata containers rm "$1" >remove.log 2>&1 ||
    kata_fail remove.log "the container $1 can't be removed" "$(last_error remove.log)"
}

# end_sandbox NAME: by KILL, until nothing of it is known to containerd.
end_sandbox() {
  signal "$1" SIGKILL
  wait_for_stop "$1"
  remove "$1"
}

# traces: all that containers can leave in the machine, one a line.
traces() {
  ctr -n kata containers ls -q | sed 's/^/container /'
  ctr -n kata tasks ls -q | sed 's/^/task /'
  ctr -n kata snapshots ls | awk '$NF == "Active" { print "snapshot " $1 }'
  find /proc/[0-9]*/exe -maxdepth 0 -printf '%l %h\n' 2>/dev/null |
    sed -n -E 's,^(.*(containerd-shim|qemu|cloud-hypervisor|firecracker|virtiofsd).*) /proc/(.*),process \1 \3,p'
  awk '{ print "mount " $2 }' /proc/mounts
  for traces_folder in /run/kata /run/vc/sbs /run/vc/vm /run/kata-containers/shared/sandboxes /run/netns /dev/shm \
    /run/containerd/io.containerd.runtime.v2.task/kata /sys/class/net; do
    find "$traces_folder" -mindepth 1 -maxdepth 1 -printf 'entry %p\n' 2>/dev/null || true
  done
  find /sys/fs/cgroup -mindepth 2 -type d -path '*kata*' -printf 'cgroup %p\n' 2>/dev/null || true
  for traces_module in vhost_vsock vhost_net kvm; do
    sed -n "s/^[1-9]/$traces_module in use: &/p" "/sys/module/$traces_module/refcnt" 2>/dev/null || true
  done
}

# remember_traces: what is there before.
remember_traces() { traces >traces.before; }

# What Kata leaves whatever the distro, which is no verdict on it: told, and not counted. A pattern, and why.
# An empty file for the network namespace that Kata makes where it is given none: once it has looked for interfaces in
# QEMU's own (runtime-rs: resource/src/manager_inner.rs, rescan_network_once), nothing removes the file.
known_left='^entry /run/netns/cnitest-'

# nothing_left: nothing that was not there before; what is goes to ./left, and what is known to stay to ./left.known.
nothing_left() {
  traces >traces.after
  grep -vxF -f traces.before traces.after >left.all || true
  grep -e "$known_left" left.all >left.known || true
  grep -v -e "$known_left" left.all >left || true
  [ ! -s left ]
}

# expect_nothing_left: counted in looks that containerd answers, not in seconds: a slow machine has as many.
expect_nothing_left() {
  left_looks=0
  left_settled() {
    left_looks=$((left_looks + 1))
    nothing_left || [ "$left_looks" -ge 15 ]
  }
  wait_for 'nothing to be left' 'cat left' left_settled
  [ -s left ] || return 0
  kata_words
  fail_as leftover-state 'the container is gone and left this:' "$(cat left)"
}
