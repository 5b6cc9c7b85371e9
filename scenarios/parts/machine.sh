# shellcheck shell=sh
# What scenarios' scripts share in the machine. Sourced under /bin/sh with `set -eu`; POSIX, no pipefail.
# Results go to stdout, evidence to stderr: a transcript has both, `told` returns the former.

# fail LINE...: what was tested is at fault. told.ts makes these lines the scenario's failure.
fail() {
  printf '%s\n' "$@" | sed 's/^/katafarm: /' >&2
  exit 1
}

# fail_as CLASS LINE...: as fail; CLASS is the kind of failure, for reports and diagnosis: `guest-kernel-same`.
fail_as() {
  printf 'katafarm-class: %s\n' "$1" >&2
  shift
  fail "$@"
}

# farm_error LINE...: the farm is at fault.
farm_error() {
  printf '%s\n' "$@" | sed 's/^/katafarm: /' >&2
  exit 70
}

# show TITLE FILE: puts a file's text into the transcript.
show() {
  [ -s "$2" ] || return 0
  printf '%s\n' "--- $1" >&2
  tr -d '\r' <"$2" | tail -n 300 >&2
  printf '%s\n' "--- end of $1" >&2
}

# last FILE: its last lines, to be quoted in a message.
last() {
  tr -d '\r' <"$1" | grep -v '^[[:space:]]*$' | tail -n 5 | cut -c1-300 || true
}

# seconds_up: whole seconds since boot. A restored machine's clock jumps, this does not.
seconds_up() {
  read -r up _ </proc/uptime
  echo "${up%.*}"
}

# wait_for WHAT WORDS COMMAND...: until the command says yes, for as long as the step lasts. It has no limit of its own:
# that would be a verdict on a machine that may only be slow, and at the step's limit the farm looks first.
# WHAT is told at once; WORDS is a command that prints what is to be seen of it, told every few seconds as it changes.
wait_for() {
  wait_what=$1 wait_words=$2 wait_told='' wait_next=$(($(seconds_up) + 5))
  shift 2
  echo "waiting for $wait_what" >&2
  until "$@"; do
    sleep 0.3
    [ "$(seconds_up)" -ge "$wait_next" ] || continue
    wait_next=$(($(seconds_up) + 5)) wait_seen=$($wait_words 2>/dev/null | tail -n 1 || true)
    [ "$wait_seen" = "$wait_told" ] || echo "waiting for $wait_what, which said: $wait_seen" >&2
    wait_told=$wait_seen
  done
}

# alive PID: a process that ended and was not waited for has no exe any more.
alive() { [ -e "/proc/$1/exe" ]; }
gone() { ! alive "$1"; }
says() { grep -q "$1" "$2"; }

# owner PATH: the package that owns a file, as `name version`; `none` where no package does.
# A package may list /lib/x for what is found as /usr/lib/x, and the other way round.
owner() {
  owner_name=$(dpkg -S "$1" "/usr$1" "${1#/usr}" 2>/dev/null | grep -v '^diversion ' | head -n 1 | sed 's/[:,].*//')
  [ -n "$owner_name" ] || { echo none; return; }
  dpkg-query -W -f '${Package} ${Version}\n' "$owner_name" | head -n 1
}

# identify KEY FILE: package and digest, as pairs. FILE may be /proc/PID/exe: then it is what really runs.
# busybox, as it is three times as fast as coreutils under emulation.
identify() {
  identify_path=$(readlink -f "$2") || fail "$2 is not there"
  [ -e "$2" ] || fail "$identify_path is not there"
  echo "$1.path=$identify_path"
  echo "$1.package=$(owner "$identify_path")"
  echo "$1.sha256=$(busybox sha256sum "$2" | cut -d ' ' -f 1)"
}
