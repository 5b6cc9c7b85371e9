# shellcheck shell=sh
# Virtual functions of network cards (SR-IOV), from the machine's side. Needs machine.sh.

# look_for_vf: how many PCI devices there are, how many of them are VFs of a network card, could have some, and IOMMU groups.
look_for_vf() {
  look_devices=0 look_vfs=0 look_able=0
  for look_at in /sys/bus/pci/devices/*; do
    [ -e "$look_at/class" ] || continue
    look_devices=$((look_devices + 1))
    is_network_card "$look_at" || continue
    [ ! -e "$look_at/physfn" ] || look_vfs=$((look_vfs + 1))
    [ "$(cat "$look_at/sriov_totalvfs" 2>/dev/null || echo 0)" -eq 0 ] || look_able=$((look_able + 1))
  done
  echo "devices=$look_devices"
  echo "vfs=$look_vfs"
  echo "able=$look_able"
  echo "groups=$(find /sys/kernel/iommu_groups -mindepth 1 -maxdepth 1 2>/dev/null | wc -l)"
}

is_network_card() { case $(cat "$1/class") in 0x0200*) return 0 ;; *) return 1 ;; esac; }

# first_vf: the name of the first VF of a network card that a driver of the machine's made an interface of.
first_vf() {
  for first_at in /sys/bus/pci/devices/*/physfn; do
    first_at=${first_at%/physfn}
    [ ! -d "$first_at/net" ] || { echo "${first_at##*/}"; return; }
  done
}

# take_vf: a namespace `mapping-vf` in which a VF's interface is eth0; $vf is its place on the bus, $vf_mac its address.
take_vf() {
  if [ -z "$(first_vf)" ]; then
    for take_card in /sys/bus/pci/devices/*/sriov_numvfs; do
      is_network_card "${take_card%/*}" || continue
      [ "$(cat "${take_card%/*}/sriov_totalvfs")" -gt 0 ] || continue
      echo 1 >"$take_card" || fail "the card at ${take_card%/*} makes no virtual function"
      break
    done
    wait_for "a virtual function's interface" 'ip -o link' has_vf
  fi
  vf=$(first_vf)
  take_name=$(ls "/sys/bus/pci/devices/$vf/net")
  vf_mac=$(cat "/sys/class/net/$take_name/address")
  ip netns add mapping-vf
  ip link set "$take_name" down
  ip link set "$take_name" netns mapping-vf name eth0
  ip -n mapping-vf link set eth0 up
}

has_vf() { [ -n "$(first_vf)" ]; }
