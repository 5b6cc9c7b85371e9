#!/bin/sh
# Stands first on the farm's PATH, under the names of programs: writes down how it was called, and what a copy into the
# machine was fed, then becomes the program.
set -eu
PATH=${PATH#*:}
name=${0##*/}
call=$(mktemp -d "$KATAFARM_BENCH_CALLS/XXXXXXXXXX")
printf '%s\0' "$name" "$@" >"$call/argv"

for last; do :; done
case $last in
  'cat > '*)
    cat >"$call/input"
    exec "$name" "$@" <"$call/input"
    ;;
esac
exec "$name" "$@"
