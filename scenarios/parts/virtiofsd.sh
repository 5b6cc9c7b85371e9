# shellcheck shell=sh
# The virtio-fs daemon. Needs machine.sh.

# start_virtiofsd READY BINARY ARGUMENT...: until it says READY on stderr; sets $virtiofsd. It is left running, as nested.sh says.
start_virtiofsd() {
  virtiofsd_ready=$1
  shift
  : >virtiofsd.log
  trap show_virtiofsd EXIT
  "$@" >virtiofsd.out 2>virtiofsd.log </dev/null &
  virtiofsd=$!

  virtiofsd_settled() { says "$virtiofsd_ready" virtiofsd.log || gone "$virtiofsd"; }
  wait_for "virtiofsd to say \"$virtiofsd_ready\"" 'last virtiofsd.log' virtiofsd_settled
  says "$virtiofsd_ready" virtiofsd.log || virtiofsd_ended
}

virtiofsd_ended() {
  virtiofsd_status=0
  wait "$virtiofsd" || virtiofsd_status=$?
  fail "virtiofsd ended with status $virtiofsd_status on Kata's arguments: $(last virtiofsd.log)$(last virtiofsd.out)"
}

show_virtiofsd() { show 'what virtiofsd said' virtiofsd.log; }
