# shellcheck shell=sh
# Containers through a real containerd, with and without Kata. Needs machine.sh, and kata.env beside it (parts/kata.ts).
. ./kata.env
. ./kata-class.sh

# ctr_run runc|kata [OPTION...] IMAGE NAME [COMMAND...]: `ctr run` by that runtime, in Kata's own namespace.
ctr_run() {
  ctr_how=$1
  shift
  case $ctr_how in
    runc) ctr -n kata run --runtime io.containerd.runc.v2 "$@" </dev/null ;;
    kata) ctr -n kata run --runtime "$kata_runtime" --runtime-config-path "$kata_config" "$@" </dev/null ;;
    *) farm_error "there is no runtime $ctr_how" ;;
  esac
}

# last_error FILE: what ctr said, without its level and the many layers that it went through.
last_error() { last "$1" | sed 's/^ctr: //'; }

# start_containerd: the control has to find it up; a release that doesn't start it at boot starts it here.
start_containerd() { systemctl is-active --quiet containerd || systemctl start containerd || fail 'containerd does not start'; }

# run_to_end runc|kata NAME [OPTION...] IMAGE NAME COMMAND...: a container to its end; its output to ./NAME.out.
run_to_end() {
  end_how=$1 end_name=$2
  shift 2
  echo "running a container by $end_how" >&2
  ctr_run "$end_how" --rm "$@" >"$end_name.out" 2>"$end_name.log" && return 0
  [ "$end_how" = kata ] || fail "a container does not run by $end_how" "$(last_error "$end_name.log")"
  kata_fail "$end_name.log" "a container does not run by kata" "$(last_error "$end_name.log")"
}

# start_sleeper runc|kata NAME [OPTION...]: a container that sleeps, in the background of containerd.
start_sleeper() {
  sleeper_how=$1 sleeper_name=$2
  shift 2
  echo "starting a container by $sleeper_how" >&2
  ctr_run "$sleeper_how" --detach "$@" "$kata_image" "$sleeper_name" sleep 100000 >"$sleeper_name.log" 2>&1 && return 0
  [ "$sleeper_how" = kata ] || fail "a container does not start by $sleeper_how" "$(last_error "$sleeper_name.log")"
  kata_fail "$sleeper_name.log" "a container does not start by kata" "$(last_error "$sleeper_name.log")"
}

# inside NAME COMMAND...: runs a command in a running container; its output goes to stdout.
inside() {
  inside_name=$1
  shift
  ctr -n kata tasks exec --exec-id "exec-$(cat /proc/sys/kernel/random/uuid)" "$inside_name" "$@" </dev/null
}

# with_words PATTERN...: the folders in /proc of processes that have such a word on their command line, asked all at once:
# a command for each process is seconds under emulation.
with_words() { grep -lzs "$@" /proc/[0-9]*/cmdline | sed 's|/cmdline$||'; }

# vmm_of NAME: the pid of the VMM of a sandbox, by its id on the command line: sandboxes of others don't count.
vmm_of() {
  for vmm_dir in $(with_words -e "sandbox-$1\$" -e "sandbox-$1[ ,]" -e "/$1/"); do
    case $(readlink "$vmm_dir/exe" 2>/dev/null) in
      */containerd* | */virtiofsd) ;;
      *qemu* | *cloud-hypervisor* | *firecracker*) echo "${vmm_dir#/proc/}" ;;
    esac
  done
}

# virtiofsd_of NAME: the pids of the virtiofsd of a sandbox; it forks, and both have one program.
virtiofsd_of() {
  for fsd_dir in $(with_words -e "/$1/"); do
    case $(readlink "$fsd_dir/exe" 2>/dev/null) in */virtiofsd*) echo "${fsd_dir#/proc/}" ;; esac
  done
}

# kata_words: what Kata's shim said, for the transcript; nothing where there is no journal.
kata_words() {
  journalctl --no-pager --boot --identifier kata --output cat >kata.journal 2>/dev/null || return 0
  show "what Kata's shim said" kata.journal
}
