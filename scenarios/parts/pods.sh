# shellcheck shell=sh
# What a pod needs beside its engine, and the farm brings: a network plugin, a pause image. Needs machine.sh and image.sh.

# bring_network CONFIGURATION_FOLDER PROGRAM_FOLDER...: the first folder that is there, or the first, gets the plugin.
bring_network() {
  network_folder=$1 network_programs=$2
  shift
  for network_candidate; do
    [ ! -d "$network_candidate" ] || { network_programs=$network_candidate; break; }
  done
  mkdir -p "$network_folder" "$network_programs"
  cp cni-plugin.sh "$network_programs/katafarm"
  chmod 755 "$network_programs/katafarm"
  # The distro's own is as good.
  [ -e "$network_programs/loopback" ] || ln -s katafarm "$network_programs/loopback"
  # Of several files there the first in the alphabet counts.
  echo '{"cniVersion": "0.4.0", "name": "katafarm", "plugins": [{"type": "katafarm"}]}' >"$network_folder/00-katafarm.conflist"
  echo "instrument.network=$network_programs/katafarm"
}

# What a pause image does until it is told to end: nothing.
pause_command='["/bin/sh", "-c", "trap '\''exit 0'\'' TERM INT; sleep 1000000 & wait"]'

# bring_pause NAME: such an image for containerd, under the name that it asks for.
bring_pause() {
  make_image "$1" pause.tar "$pause_command"
  ctr -n k8s.io images import pause.tar >pause.log 2>&1 || fail "containerd does not import an image" "$(last pause.log)"
  echo "instrument.pause=$1"
}

# reach_pod ADDRESS: what its server says to the machine. It was seen to serve, so that few looks are enough.
reach_pod() {
  reach_looks=0
  until busybox wget -q -O page "http://$1:8080/token" 2>reach.log; do
    reach_looks=$((reach_looks + 1))
    [ "$reach_looks" -lt 10 ] || fail "the machine does not reach the pod at $1 by HTTP" "$(last reach.log)"
    sleep 0.5
  done
  cat page
}

# pod_traces POD: what is there of a pod, a line each.
pod_traces() {
  { ctr -n k8s.io containers ls -q || echo 'ctr does not answer'
    ctr -n k8s.io tasks ls -q
    # Shim, VMM and virtiofsd are told by its id; the shell that runs this has it in its arguments, too.
    pgrep -a -f "$1" | grep -v traces_left | cut -c 1-200 || true
    grep -o "[^ ]*$1[^ ]*" /proc/mounts || true
    ip -o link | grep -o 'kf[0-9a-f]\{12\}' || true
    find /run/netns -name 'cni-*' 2>/dev/null; } | sort -u
}

# traces_left POD: what does not go away. Counted in looks and not in seconds: a slow machine has as many.
traces_left() {
  traces_looks=0
  while pod_traces "$1" >traces && [ -s traces ] && [ "$traces_looks" -lt 20 ]; do
    traces_looks=$((traces_looks + 1))
    echo "still there: $(last traces)" >&2
    sleep 0.5
  done
  cat traces
}
