#!/bin/sh
# A network plugin (CNI) of the farm's own: a bridge, a veth for each pod, an address of 10.97.0.0/24. As `loopback` it
# only brings a pod's lo up, which containerd asks of a plugin of that name. Asked by environment, answers in JSON.
set -eu
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
bridge=katafarm0 subnet=10.97.0 held=/run/katafarm-pods

version=$(sed -n 's/.*"cniVersion" *: *"\([0-9.]*\)".*/\1/p' | head -n 1)
inside() { nsenter --net="$CNI_NETNS" ip "$@"; }

add_loopback() {
  inside link set lo up
  printf '{"cniVersion": "%s", "interfaces": [{"name": "lo", "sandbox": "%s"}], "ips": []}\n' "$version" "$CNI_NETNS"
}

# One that no pod has; it is taken by a file.
address() {
  for last in $(seq 2 254); do
    [ ! -e "$held/$subnet.$last" ] || continue
    echo "$CNI_CONTAINERID" >"$held/$subnet.$last"
    echo "$subnet.$last"
    return
  done
  echo 'every address is taken' >&2
  exit 1
}

add_pod() {
  if ! ip link show "$bridge" >/dev/null 2>&1; then
    ip link add "$bridge" type bridge
    ip address add "$subnet.1/24" dev "$bridge"
  fi
  ip link set "$bridge" up
  pod=$(address)

  # Born in the pod's namespace: the machine may have an interface of that name.
  ip link add "$veth" type veth peer name "$CNI_IFNAME" netns "$CNI_NETNS"
  ip link set "$veth" master "$bridge" up
  inside address add "$pod/24" dev "$CNI_IFNAME"
  inside link set "$CNI_IFNAME" up
  inside route add default via "$subnet.1"

  mac=$(inside -o link show dev "$CNI_IFNAME" | sed 's|.*link/ether \([0-9a-f:]*\).*|\1|')
  cat <<JSON
{"cniVersion": "$version",
 "interfaces": [{"name": "$CNI_IFNAME", "mac": "$mac", "sandbox": "$CNI_NETNS"}],
 "ips": [{"version": "4", "interface": 0, "address": "$pod/24", "gateway": "$subnet.1"}],
 "routes": [{"dst": "0.0.0.0/0", "gw": "$subnet.1"}]}
JSON
}

# Asked more than once, and of pods that never came to be: what is gone is gone.
remove_pod() {
  ip link delete "$veth" 2>/dev/null || true
  for file in "$held"/*; do
    [ ! -f "$file" ] || [ "$(cat "$file")" != "$CNI_CONTAINERID" ] || rm -f "$file"
  done
}

mkdir -p "$held"
veth=kf$(echo "${CNI_CONTAINERID:-none}" | cut -c 1-12)
exec 9>/run/katafarm-pods.lock
flock 9
case $CNI_COMMAND:${0##*/} in
  ADD:loopback) add_loopback ;;
  ADD:*) add_pod ;;
  DEL:loopback | CHECK:*) ;;
  DEL:*) remove_pod ;;
  VERSION:*) echo '{"cniVersion": "0.4.0", "supportedVersions": ["0.3.0", "0.3.1", "0.4.0"]}' ;;
  *) echo "there is no $CNI_COMMAND" >&2; exit 1 ;;
esac
