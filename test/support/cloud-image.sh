#!/bin/sh
# Makes a cloud-style image of a Debian release, as publishers do: a partition table, an ESP, GRUB for BIOS and UEFI,
# cloud-init, sshd, and nothing of ours. Needs what images are built by (mmdebstrap, e2fsprogs, qemu-img) and no more:
# whatever else it takes runs in the new root.
#   cloud-image.sh SUITE FILE.qcow2 [MIRROR]
# MMDEBSTRAP_OPTIONS: words that are handed on, for a mirror whose Release files are expired say.
set -eu
suite=$1 target=$2
mirror=${3:-}
work=$(mktemp -d "$(dirname "$target")/cloud-image.XXXXXX")
chmod 0777 "$work"
trap 'rm -rf "$work"' EXIT INT TERM HUP

# In the new root at $1, with the folder $2 for what comes out.
cat >"$work/finish" <<'FINISH'
set -eu
PATH=$PATH:/usr/sbin:/sbin
root=$1 out=$2
echo 'LABEL=root / ext4 defaults 0 1' >"$root/etc/fstab"
: >"$root/etc/machine-id"
rm -f "$root"/etc/ssh/ssh_host_*_key* "$root/etc/hostname" "$root/etc/resolv.conf"
chroot "$root" systemctl enable ssh >/dev/null 2>&1 || :

# As in Debian's images: netplan has the network, and nobody beside it; before Debian 12 ifupdown has.
if [ -e "$root/usr/sbin/netplan" ]; then
  ln -s /run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
  chroot "$root" systemctl enable systemd-networkd systemd-resolved >/dev/null 2>&1 || :
  chroot "$root" dpkg --purge ifupdown >/dev/null
fi

mkdir -p "$root/boot/grub"
cat >"$root/boot/grub/grub.cfg" <<'CONFIG'
set timeout=0
serial --unit=0 --speed=115200
terminal_output serial
search --no-floppy --label root --set=root
echo 'GRUB loads Linux'
linux /vmlinuz root=LABEL=root ro console=tty0 console=ttyS0,115200
initrd /initrd.img
boot
CONFIG
mkdir "$root/make"
cat >"$root/make/early.cfg" <<'CONFIG'
search.fs_label root root
set prefix=($root)/boot/grub
configfile $prefix/grub.cfg
CONFIG
cat >"$root/make/script" <<'SCRIPT'
set -eu
cd /make
modules='part_gpt ext2 normal linux search search_label configfile serial terminal echo'
grub-mkimage -O x86_64-efi -o bootx64.efi -p /boot/grub -c early.cfg $modules fat
grub-mkimage -O i386-pc -o core.img -p /boot/grub -c early.cfg $modules biosdisk
truncate -s 16M esp
mkfs.vfat -F 16 -n ESP esp >/dev/null
mmd -i esp ::EFI ::EFI/BOOT
mcopy -i esp bootx64.efi ::EFI/BOOT/BOOTX64.EFI
cp /usr/lib/grub/i386-pc/boot.img boot.img
truncate -s 2600M disk
sfdisk --quiet disk <<TABLE
label: gpt
start=2048, size=2048, type=21686148-6449-6E6F-744E-656564454649
start=4096, size=32768, type=U
start=36864, type=L
TABLE
# What grub-bios-setup does: the boot sector knows where its second stage is (at 0x5c), and that one where it goes on (at 0x1f4).
at() { printf "$1" | dd of="$2" bs=1 seek="$3" conv=notrunc 2>/dev/null; }
at '\000\010\000\000\000\000\000\000' boot.img 92
at '\001\010\000\000\000\000\000\000' core.img 500
dd if=boot.img of=disk bs=440 count=1 conv=notrunc 2>/dev/null
dd if=core.img of=disk bs=512 seek=2048 conv=notrunc 2>/dev/null
dd if=esp of=disk bs=512 seek=4096 conv=notrunc,sparse 2>/dev/null
rm -f esp bootx64.efi core.img boot.img early.cfg
SCRIPT
chroot "$root" sh /make/script
mv "$root/make/disk" "$out/disk"
rm -r "$root/make"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin

# /dev and the like are mounted in it by now.
mkdir "$out/tree"
tar -C "$root" --one-file-system --xattrs --exclude=./dev/* --exclude=./proc/* --exclude=./sys/* --exclude=./run/* -c . |
  tar -C "$out/tree" --numeric-owner --xattrs -x

size=$(($(stat -c %s "$out/disk") / 512 - 36864 - 2048))
mke2fs -q -t ext4 -L root -d "$out/tree" "$out/part" "$((size / 2))k"
dd if="$out/part" of="$out/disk" bs=1M seek=18 conv=notrunc,sparse 2>/dev/null
rm -r "$out/part" "$out/tree"
FINISH

network=netplan.io,systemd-resolved
[ "$suite" != bullseye ] || network=ifupdown,isc-dhcp-client

# shellcheck disable=SC2086 # they are words
mmdebstrap ${MMDEBSTRAP_OPTIONS:-} --variant=important --format=null \
  --include=linux-image-amd64,grub-efi-amd64-bin,grub-pc-bin,grub-common,cloud-init,cloud-guest-utils,openssh-server \
  --include="systemd-sysv,dbus,$network,fdisk,dosfstools,mtools,ca-certificates,sudo,apparmor" \
  --customize-hook="sh '$work/finish' \"\$1\" '$work'" \
  "$suite" /dev/null ${mirror:+"$mirror"}
qemu-img convert -c -f raw -O qcow2 "$work/disk" "$target"
