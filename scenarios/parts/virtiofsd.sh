# shellcheck shell=sh
# The virtio-fs daemon. Needs machine.sh.

# start_virtiofsd SECONDS READY BINARY ARGUMENT...: until it says READY on stderr; sets $virtiofsd.
start_virtiofsd() {
  virtiofsd_seconds=$1 virtiofsd_ready=$2
  shift 2
  : >virtiofsd.log
  trap end_virtiofsd EXIT
  "$@" >virtiofsd.out 2>virtiofsd.log </dev/null &
  virtiofsd=$!

  virtiofsd_settled() { says "$virtiofsd_ready" virtiofsd.log || gone "$virtiofsd"; }
  wait_until "$virtiofsd_seconds" virtiofsd_settled ||
    fail "virtiofsd did not say \"$virtiofsd_ready\" within $virtiofsd_seconds s, but: $(last virtiofsd.log)"
  says "$virtiofsd_ready" virtiofsd.log || virtiofsd_ended
}

virtiofsd_ended() {
  virtiofsd_status=0
  wait "$virtiofsd" || virtiofsd_status=$?
  fail "virtiofsd ended with status $virtiofsd_status on Kata's arguments: $(last virtiofsd.log)$(last virtiofsd.out)"
}

end_virtiofsd() {
  stop "$virtiofsd"
  show 'what virtiofsd said' virtiofsd.log
}
