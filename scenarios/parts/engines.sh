# shellcheck shell=sh
# Engines of the distro's own, put into this machine. Needs machine.sh.

# The server of this machine's that containers ask for a page, on every address of it.
engine_port=18080

# newest PACKAGE: the version that would be installed.
newest() {
  echo 'asking the package index' >&2
  apt-get update >index.log 2>&1 || farm_error 'cannot read the package index' "$(last index.log)"
  apt-cache policy "$1" | sed -n 's/^  Candidate: //p'
}

# install_packages NAME...: those that the index has. Without what they recommend, which has no part in a container.
install_packages() {
  install_names=$(for install_name; do apt-cache policy "$install_name" | grep -q 'Candidate: [0-9]' && echo "$install_name"; done || true)
  [ -n "$install_names" ] || farm_error "the package index has none of $*"
  # shellcheck disable=SC2086
  echo installing $install_names >&2
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $install_names </dev/null >install.log 2>&1 ||
    farm_error "cannot install $*" "$(last install.log)"
}

# serve_page TOKEN: in the background, until the machine ends.
serve_page() {
  mkdir -p www
  echo "$1" >www/token
  busybox httpd -p "$engine_port" -h "$PWD/www"
}

# What a container says of its network, as pairs; it asks its gateway for a page. Its address is of the engine's choice.
engine_words() {
  cat <<'SH'
gateway=$(ip route | sed -n 's/^default via \([^ ]*\).*/\1/p')
echo "gateway=$gateway"
echo "address=$(ip -o -4 address show eth0 | sed 's/.*inet \([^ ]*\).*/\1/')"
echo "mtu=$(cat /sys/class/net/eth0/mtu)"
echo "boot=$(cat /proc/sys/kernel/random/boot_id)"
echo "kernel=$(uname -r)"
SH
  echo "echo \"page=\$(wget -q -O - http://\$gateway:$engine_port/token)\""
}

# engine_run ENGINE runc|kata COMMAND...: a container of an engine's that says its words; what it printed is theirs.
# Needs kata.sh: where Kata's has no network, what its shim said is evidence.
engine_run() {
  engine_name=$1 engine_how=$2
  shift 2
  echo "running a container of $engine_name by $engine_how" >&2
  if ! "$@" /bin/sh -c "$(engine_words)" >engine.out 2>engine.log </dev/null; then
    set -- "a container of $engine_name does not run by $engine_how" "$(last engine.log)"
    [ "$engine_how" = runc ] || kata_fail engine.log "$@"
    fail "$@"
  fi
  show "what the container said beside" engine.log
  cat engine.out
  [ "$engine_how" = kata ] && ! grep -q '^page=.' engine.out || return 0
  kata_words
  # runtime-rs: resource/src/manager.rs. It waits five seconds for an engine to bring a network, however slow a machine is.
  ! grep -q 'no network interfaces after rescan timeout' kata.journal || echo 'gave.up=yes'
}
