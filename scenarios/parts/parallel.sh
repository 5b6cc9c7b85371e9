# shellcheck shell=sh
# Several sandboxes at once, named ROUND-1 to ROUND-COUNT. Needs machine.sh, kata.sh and sandbox.sh.

# all ROUND COUNT COMMAND...: the command at once for each, with its name; fails where one does, in its words.
all() {
  all_round=$1 all_count=$2 all_pids='' all_failed='' all_index=0
  shift 2
  while [ "$all_index" -lt "$all_count" ]; do
    all_index=$((all_index + 1))
    # A folder for each, as what they write would be one file.
    mkdir -p "$all_round-$all_index"
    (cd "$all_round-$all_index" && "$@" "$all_round-$all_index") &
    all_pids="$all_pids $!"
  done
  for all_pid in $all_pids; do wait "$all_pid" || all_failed=yes; done
  [ -z "$all_failed" ] || exit 1
}

# start_all ROUND COUNT [OPTION...]: OPTION is one of ctr's.
start_all() {
  start_round=$1 start_count=$2
  shift 2
  start_options=$*
  all "$start_round" "$start_count" start_one
}

# shellcheck disable=SC2086 # Options are words.
start_one() { start_sleeper kata "$1" $start_options; }
end_all() { all "$1" "$2" end_sandbox; }

# each_its_own ROUND COUNT: as many boots of a kernel as containers, and none is the machine's.
each_its_own() {
  cat /proc/sys/kernel/random/boot_id >boots
  own_index=0
  while [ "$own_index" -lt "$2" ]; do
    own_index=$((own_index + 1))
    inside "$1-$own_index" cat /proc/sys/kernel/random/boot_id >>boots ||
      fail "the container $1-$own_index does not answer while others run"
  done
  own_boots=$(sort -u boots | grep -c .)
  [ "$own_boots" = $(($2 + 1)) ] ||
    fail_as guest-kernel-same "$2 containers and the machine have $own_boots kernels between them"
}
