# shellcheck shell=sh
# The life of a container, the same for every runtime. Needs machine.sh, kata.sh and sandbox.sh.

# Its first process hears TERM, and goes on: only KILL ends it.
life_script='mkdir -p /root; trap "echo heard >/root/term" TERM; echo >/root/lives; while :; do sleep 100000 & wait $!; done'

# exit_status runc|kata NAME STATUS: how `ctr run` ends where the container's first process ends by that status.
exit_status() {
  life_status=0
  ctr_run "$1" --rm "$kata_image" "$2" sh -c "echo out; exit $3" >"$2.out" 2>"$2.log" || life_status=$?
  # An error of ctr's own ends it by 1, and is told.
  ! grep -q '^ctr: ' "$2.log" || kata_fail "$2.log" "a container does not run by $1" "$(last_error "$2.log")"
  echo "$life_status"
}

# life runc|kata NAME: what comes of it, as pairs. ctr stays with the container, as only then does it tell how it ended.
life() {
  life_name=$2
  echo "starting a container by $1" >&2
  ctr_run "$1" --rm "$kata_image" "$life_name" sh -c "$life_script" >"$life_name.log" 2>&1 &
  life_ctr=$!
  # Asked of itself: Kata 4.1 calls a task RUNNING whose guest has yet to boot (container_manager/manager.rs, state_process).
  life_settled() { gone "$life_ctr" || inside "$life_name" test -e /root/lives 2>/dev/null; }
  wait_for 'the container to run' "last $life_name.log" life_settled
  alive "$life_ctr" ||
    kata_fail "$life_name.log" "a container does not start by $1" "$(last_error "$life_name.log")"
  echo "started=$(task_status "$life_name")"

  life_status=0
  inside "$life_name" sh -c 'echo what was written >/root/file; exit 5' >exec.out 2>&1 || life_status=$?
  echo "exec.status=$life_status"
  echo "read=$(inside "$life_name" cat /root/file)"

  if ctr -n kata tasks pause "$life_name" >pause.log 2>&1; then
    echo "paused=$(task_status "$life_name")"
    ctr -n kata tasks resume "$life_name" >pause.log 2>&1 ||
      fail_as resume-refused "a container that was paused can't go on" "$(last_error pause.log)"
    echo "resumed=$(task_status "$life_name")"
    echo "answers=$(inside "$life_name" echo yes)"
  else
    echo "pause.refused=$(last_error pause.log | tail -n 1)"
  fi

  signal "$life_name" SIGTERM
  life_heard() { inside "$life_name" test -e /root/term || is_status "$life_name" STOPPED; }
  wait_for 'the container to hear TERM' "task_status $life_name" life_heard
  echo "after.term=$(task_status "$life_name")"
  signal "$life_name" SIGKILL
  wait_for 'ctr to end with the container' "last $life_name.log" gone "$life_ctr"
  life_status=0
  wait "$life_ctr" || life_status=$?
  echo "kill.status=$life_status"
  life_status=$(exit_status "$1" "$life_name-7" 7)
  echo "end.status=$life_status"
}
