# shellcheck shell=sh
# The same container by runc and by Kata, from the machine's side. Needs machine.sh, kata.sh and mapping-inside.sh.
# What is found out goes to stdout as PROBE=ANSWER. `mapped.*` and `why.*` are told, and not compared.
. ./mapping-inside.sh
mapping_inside=$(cat ./mapping-inside*.sh)

# bound SOURCE DESTINATION OPTIONS: the words of ctr's --mount. It reads them as CSV, so that a source may have a comma
# or a line's end in it, and splits a field at `=`, so that it may not have that.
bound() { printf 'type=bind,"src=%s",dst=%s,options=%s' "$1" "$2" "$3"; }

# probed NAME FUNCTION [WORD...]: one of mapping-inside*.sh's, in a running container.
probed() {
  probed_name=$1
  shift
  inside "$probed_name" sh -c "$mapping_inside; \"\$@\"" probe "$@"
}

# probed_as_root NAME FUNCTION [WORD...]: as probed, in a container whose user is another.
probed_as_root() {
  probed_name=$1
  shift
  ctr -n kata tasks exec --user 0:0 --exec-id "root-$$-${probed_count:=0}" "$probed_name" \
    sh -c "$mapping_inside; \"\$@\"" probe "$@" </dev/null
  probed_count=$((probed_count + 1))
}

# tried PROBE HOW NAME [OPTION...]: a container that may be refused. Says PROBE=runs, or PROBE=refused with the reason
# by which that is known, and has what ctr said as why.PROBE. Its command is `true`.
tried() {
  tried_probe=$1 tried_how=$2 tried_name=$3
  shift 3
  echo "trying a container by $tried_how: $tried_probe" >&2
  if ctr_run "$tried_how" --rm "$@" "$kata_image" "$tried_name" true >"$tried_name.out" 2>"$tried_name.log"; then
    echo "$tried_probe=runs"
    return 0
  fi
  refused "$tried_probe" "$tried_name.log"
  [ "$tried_how" = runc ] || kata_words
  ctr -n kata containers delete "$tried_name" >/dev/null 2>&1 || true
}

# refused PROBE FILE: how a runtime refused, by what ctr said. A guest that did not come up refused nothing.
refused() {
  refused_words=$(tr '\n' ' ' <"$2" | sed 's/^ctr: //')
  case $refused_words in
    *'connect agent server'* | *'waiting for QMP'* | *'load config'*)
      kata_fail "$2" 'a container does not start by kata' "$refused_words"
      ;;
    *'File name too long'* | *'file name too long'* | *ENAMETOOLONG*) echo "$1=refused: file name too long" ;;
    *'o such file or directory'* | *ENOENT* | *'Invalid path'* | *'invalid path'*) echo "$1=refused: no such file" ;;
    *'ttrpc: closed'* | *panic*) echo "$1=refused: the shim ended" ;;
    *'ermission denied'* | *'peration not permitted'* | *EPERM* | *EACCES*) echo "$1=refused: not permitted" ;;
    *'nvalid argument'* | *EINVAL*) echo "$1=refused: invalid argument" ;;
    *) echo "$1=refused" ;;
  esac
  # Not echo: it would make line ends of the words' own `\\n`.
  printf 'why.%s=%s\n' "$1" "$(printf %s "$refused_words" | sed 's/\\n *Stack backtrace.*//' | cut -c1-800)"
}

# ended NAME: whether a container's own process is gone.
ended() { ! ctr -n kata tasks ls | grep "^$1 " | grep -q RUNNING; }

# owned FILE: its owner and mode, as mapping-inside.sh says them.
owned() { busybox stat -c '%u:%g %a' "$1"; }
