# shellcheck shell=sh
# What scenarios' scripts share in the machine. Sourced under /bin/sh with `set -eu`; POSIX, no pipefail.
# Results go to stdout, evidence to stderr: a transcript has both, `told` returns the former.

# fail LINE...: what was tested is at fault. told.ts makes these lines the scenario's failure.
fail() {
  printf '%s\n' "$@" | sed 's/^/katafarm: /' >&2
  exit 1
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

# wait_until SECONDS COMMAND...: false when the time is up and the command still says no.
wait_until() {
  wait_end=$(($(seconds_up) + $1))
  shift
  until "$@"; do
    [ "$(seconds_up)" -lt "$wait_end" ] || return 1
    sleep 0.3
  done
}

# alive PID: a process that ended and was not waited for has no exe any more.
alive() { [ -e "/proc/$1/exe" ]; }
gone() { ! alive "$1"; }
says() { grep -q "$1" "$2"; }

# stop PID: ends a child, and waits for it.
stop() {
  kill "$1" 2>/dev/null || return 0
  wait_until 10 gone "$1" || kill -9 "$1" 2>/dev/null || true
}

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
