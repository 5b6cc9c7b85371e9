/** Before the distro's own in every PATH. */
export const systemctlPath = '/usr/local/bin/systemctl';

/** systemd isn't a container's first process: what scripts ask of units is done by this. Others get systemd's own answer. */
export const systemctl = `#!/bin/sh
state=/run/katafarm
mkdir -p "$state"
quiet='' property='' value='' verb='' units=''
for word in "$@"; do
  case $property/$word in
    next/*) property=$word ;;
    */-q|*/--quiet) quiet=yes ;;
    */-p|*/--property) property=next ;;
    */--property=*) property=\${word#--property=} ;;
    */--value) value=yes ;;
    */-*) ;;
    *) if [ -z "$verb" ]; then verb=$word; else units="$units \${word%.service}"; fi ;;
  esac
done

file_of() {
  for folder in /etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    if [ -s "$folder/$1.service" ]; then echo "$folder/$1.service"; return; fi
  done
  echo "Failed to $verb $1.service: Unit $1.service not found." >&2
  return 5
}
setting() { sed -n "s/^$1=//p" "$2"; }
pid_of() { [ -s "$state/$1.pid" ] && cat "$state/$1.pid"; }
is_active() { pid=$(pid_of "$1") && [ -e "/proc/$pid/exe" ]; }
is_up() {
  is_active "$1" || return 0
  if [ -e "$state/$1.socket" ]; then grep -q READY=1 "$state/$1.said" 2>/dev/null; else sleep 0.3; fi
}

start() {
  ! is_active "$1" || return 0
  file=$(file_of "$1") || return 5
  setting ExecStartPre "$file" | while read -r before; do
    sh -c "\${before#-}" >/dev/null 2>&1 || case $before in -*) ;; *) exit 1 ;; esac
  done || return 1
  rm -f "$state/$1.socket" "$state/$1.said"
  if [ "$(setting Type "$file")" = notify ] && command -v socat >/dev/null; then
    setsid socat -u "UNIX-RECV:$state/$1.socket" "OPEN:$state/$1.said,creat,append" </dev/null >/dev/null 2>&1 &
    tries=0
    until [ -e "$state/$1.socket" ] || [ "$tries" -ge 50 ]; do tries=$((tries + 1)); sleep 0.05; done
  fi
  command=$(setting ExecStart "$file" | head -n 1)
  ( for given in $(setting EnvironmentFile "$file"); do [ ! -r "\${given#-}" ] || . "\${given#-}"; done
    [ ! -e "$state/$1.socket" ] || export NOTIFY_SOCKET="$state/$1.socket"
    ulimit -n "$(ulimit -H -n)" 2>/dev/null
    exec setsid sh -c "exec \${command#[-@:+!]}" ) </dev/null >>"$state/$1.log" 2>&1 &
  echo $! >"$state/$1.pid"
  until is_up "$1"; do sleep 0.05; done
  is_active "$1" || { echo "Job for $1.service failed: $(tail -n 1 "$state/$1.log")" >&2; return 1; }
}

stop() {
  pid=$(pid_of "$1") || return 0
  kill "$pid" 2>/dev/null
  tries=0
  while is_active "$1" && [ "$tries" -lt 200 ]; do tries=$((tries + 1)); sleep 0.05; done
  kill -9 "$pid" 2>/dev/null
  rm -f "$state/$1.pid"
}

show() {
  case $property in
    MainPID) said=$(is_active "$1" && pid_of "$1" || echo 0) ;;
    ActiveState) said=$(is_active "$1" && echo active || echo inactive) ;;
    *) said=$(file=$(file_of "$1" 2>/dev/null) && setting "$property" "$file") ;;
  esac
  [ -n "$value" ] && echo "$said" || echo "$property=$said"
}

each() { status=0; for unit in $units; do "$@" "$unit" || status=$?; done; exit "$status"; }
say() { if is_active "$1"; then word=active; else word=inactive; fi; [ -n "$quiet" ] || echo "$word"; [ "$word" = active ] || return 3; }
again() { stop "$1"; start "$1"; }

case $verb in
  start) each start ;;
  stop|kill) each stop ;;
  restart|try-restart|reload-or-restart) each again ;;
  is-active) each say ;;
  show) each show ;;
  is-system-running) echo offline; exit 1 ;;
  daemon-reload|enable|disable|mask|unmask|preset|reset-failed|list-jobs|list-units|list-timers) exit 0 ;;
esac
exec /usr/bin/systemctl "$@"
`;
