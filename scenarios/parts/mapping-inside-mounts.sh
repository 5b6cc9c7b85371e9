# shellcheck shell=sh
# What mapping.mounts and mapping.devices run in the container, after mapping-inside.sh.

mounts() {
  said ro.read cat /ro/file
  said ro.write made /ro/new
  said ro.link readlink /ro/link
  said ro.link-text cat /ro/link
  said rw.dangling readlink /rw/dangling
  said hardlink.count stat -c %h /rw/file
  agree hardlink.inode "$(stat -c %i /rw/file)" "$(stat -c %i /rw/second)"
  said hardlink.makes ln /rw/file /rw/third
  said fifo.type stat -c %F /rw/fifo
  echo within >/rw/fifo &
  said fifo.within cat /rw/fifo
  said socket.type stat -c %F /rw/socket
  said submount.text cat /rw/sub/file
  agree submount.device "$(stat -c %d /rw)" "$(stat -c %d /rw/sub)"
  # Kata names each share by chance.
  echo "mapped.mount=$(sed -n 's/^[0-9]* [0-9]* [0-9:]* \([^ ]*\) \/rw .* - \([^ ]*\) \([^ ]*\) .*/\2 \3, its \1/p' /proc/self/mountinfo |
    sed 's/sandbox-[0-9a-f]\{8\}-/sandbox-*-/')"
}

# What is in the pipe was written before this reads: a second is more than enough.
across_fifo() { if read -r -t 5 across_text <>/rw/fifo; then echo "fifo.across=$across_text"; else echo fifo.across=nothing; fi; }

# A guest may hold on to what it knew of a folder for a second.
late() {
  late_looks=0
  until [ -e /rw/later/file ] || [ "$late_looks" -ge 10 ]; do
    late_looks=$((late_looks + 1))
    sleep 0.3
  done
  said propagation.late cat /rw/later/file
}

# --- mapping.devices

devices() {
  said disk.type stat -c %F /dev/katafarm-disk
  said disk.bytes blockdev --getsize64 /dev/katafarm-disk
  said disk.text dd if=/dev/katafarm-disk bs=16 count=1 status=none
  said null.type stat -c %F /dev/katafarm-null
  said null.write sh -c 'echo gone >/dev/katafarm-null'
  said null.read wc -c /dev/katafarm-null
  said zero.read sh -c 'head -c 4 /dev/katafarm-zero | od -An -tx1'
  said nic.mac cat /sys/class/net/eth0/address
  said nic.mtu cat /sys/class/net/eth0/mtu
  echo "nic.address=$(ip -o -4 addr show dev eth0 | sed -n 's/.* inet \([0-9./]*\).*/\1/p')"
  echo "nic.route=$(ip route | grep '^default' | sed 's/ *$//')"
  echo "nic.names=$(ls /sys/class/net | tr '\n' ' ')"
  echo "env.pci=${PCIDEVICE_KATAFARM_ORG_NIC:-}"
  echo "env.info=${PCIDEVICE_KATAFARM_ORG_NIC_INFO:-}"
  mapped_disk mapped.disk /dev/katafarm-disk
  echo "mapped.nic=eth0: $(readlink /sys/class/net/eth0/device/driver | sed 's/.*\///') $(readlink -f /sys/class/net/eth0/device | sed 's/.*\/\(pci\)/\1/')"
}

# mapped_disk PROBE NODE: what the kernel that this runs on calls it, and where it found it.
mapped_disk() {
  mapped_number=$(printf '%d:%d' "0x$(stat -c %t "$2")" "0x$(stat -c %T "$2")")
  mapped_at=$(readlink -f "/sys/dev/block/$mapped_number" || true)
  echo "$1=$2: ${mapped_at##*/} ($mapped_number) $mapped_at"
}

written() {
  said disk.write sh -c "printf 'written inside..' | dd of=/dev/katafarm-disk bs=16 seek=1 conv=notrunc,fsync status=none"
}

# --- mapping.vf

virtual_function() {
  said vf.mac cat /sys/class/net/eth0/address
  echo "vf.names=$(ls /sys/class/net | tr '\n' ' ')"
  echo "mapped.vf-device=eth0: $(readlink -f /sys/class/net/eth0/device)"
  # The agent writes the guest's place over the machine's: in a command's environment, and in the first process' (which
  # Kata 4.1 forgets: src/agent/src/device/mod.rs, add_devices, changes a copy).
  echo "mapped.vf-env=${PCIDEVICE_KATAFARM_ORG_VF:-}"
  echo "mapped.vf-env-first=$(tr '\0' '\n' </proc/1/environ | sed -n 's/^PCIDEVICE_KATAFARM_ORG_VF=//p')"
}
