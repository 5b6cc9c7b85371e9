# shellcheck shell=sh
# A network namespace as an engine makes it for a container, and what is seen of it inside. Needs machine.sh and kata.sh.
# Addresses are of a block for documentation (RFC 5737), which hardly any machine has.

net_space=katafarm net_machine=198.51.100.1 net_container=198.51.100.2 net_port=8080
# No default of anything, so that it must have come through.
net_mtu=1380 net_mac=0a:58:c6:33:64:02

# make_network: the namespace, a veth pair into it, and a server in the machine.
make_network() {
  ! ip -4 -o addr | grep -q " ${net_machine%.*}\." ||
    farm_error "the machine has an address like $net_machine already: the network of this scenario would hide another"
  ip netns add "$net_space"
  ip link add katafarm0 mtu "$net_mtu" type veth \
    peer name eth0 address "$net_mac" mtu "$net_mtu" netns "$net_space"
  ip addr add "$net_machine/24" dev katafarm0
  ip link set katafarm0 up
  ip -n "$net_space" addr add "$net_container/24" dev eth0
  ip -n "$net_space" link set lo up
  ip -n "$net_space" link set eth0 up
  ip -n "$net_space" route add default via "$net_machine"

  mkdir -p web
  head -c 1048576 /dev/urandom >web/file
  busybox httpd -f -p "$net_machine:$net_port" -h web >httpd.log 2>&1 </dev/null &
  net_server=$!
  net_settled() { listens /proc/net/tcp || gone "$net_server"; }
  wait_for "the machine's server to listen" 'last httpd.log' net_settled
  alive "$net_server" || farm_error "the machine's web server ended: $(last httpd.log)"
}

# listens FILE: whether the port is in such a table; 0A is LISTEN.
listens() { grep -Eiq ":$(printf %04X "$net_port") [0-9A-F:]+ 0A" "$1"; }
# It may listen for both protocols at once; a guest may have the older one alone.
server_listens() { inside "$1" sh -c 'cat /proc/net/tcp*' >tcp 2>&1 && listens tcp; }

digest_of() { busybox sha256sum "$1" | cut -d ' ' -f 1; }

# try_network runc|kata NAME: what a container with that namespace sees, and what comes over, as pairs.
try_network() {
  net_how=$1 net_name=$2
  echo "starting a container with a network by $net_how" >&2
  ctr_run "$net_how" --detach --with-ns "network:/run/netns/$net_space" "$kata_image" "$net_name" \
    sh -c "mkdir -p /root/web && head -c 1048576 /dev/urandom >/root/web/file && exec httpd -f -p $net_port -h /root/web" \
    >"$net_name.log" 2>&1 ||
    kata_fail "$net_name.log" "a container with a network does not start by $net_how" "$(last_error "$net_name.log")"

  inside "$net_name" sh -c 'ip -o -4 addr show dev eth0; ip route; cat /sys/class/net/eth0/address /sys/class/net/eth0/mtu' \
    >seen 2>&1 || { show 'what the container sees of its network' seen
    fail_as net-attach 'the container has no eth0' "$(last seen)"; }
  show 'what the container sees of its network' seen
  echo "address=$(sed -n 's/.* inet \([0-9./]*\) .*/\1/p' seen)"
  echo "route=$(sed -n 's/^default via \([0-9.]*\).*/\1/p' seen)"
  echo "mac=$(grep -Ex '[0-9a-f:]{17}' seen)"
  echo "mtu=$(tail -n 1 seen)"

  inside "$net_name" wget -q -O /root/got "http://$net_machine:$net_port/file" >wget.log 2>&1 ||
    fail_as net-attach "the container does not reach the machine's server" "$(last wget.log)"
  inside "$net_name" sha256sum /root/got /root/web/file >digests
  [ "$(sed -n '1s/ .*//p' digests)" = "$(digest_of web/file)" ] ||
    fail_as net-damage "what the container got of the machine's server is not what it gave"

  wait_for "the container's server to listen" 'last tcp' server_listens "$net_name"
  busybox wget -q -O got "http://$net_container:$net_port/file" >wget.log 2>&1 ||
    fail_as net-attach "the machine does not reach the container's server" "$(last wget.log)"
  [ "$(sed -n '2s/ .*//p' digests)" = "$(digest_of got)" ] ||
    fail_as net-damage "what the machine got of the container's server is not what it gave"
  echo 'transfers=both'
}

# links: the interfaces of the namespace, and what is done to what comes in at the container's.
links() {
  ip -n "$net_space" -o link | sed 's/.*: \([^:@]*\)[@:].*mtu \([0-9]*\).*/\1 \2/'
  tc -n "$net_space" qdisc show dev eth0 | sed 's/ refcnt.*//'
}
