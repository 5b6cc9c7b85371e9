#!/bin/busybox sh
# /init of the guest inside the machine. The kernel's command line says what to do: katafarm.vsock=PORT:TOKEN,
# katafarm.share=TAG. What it says begins with "katafarm: ", so that a kernel's own words can't be taken for it.

bb=/bin/busybox
say() { $bb echo "katafarm: $*"; }

$bb mount -t proc proc /proc
$bb mount -t sysfs sysfs /sys
$bb mount -t devtmpfs devtmpfs /dev
for module in /modules/*.ko; do
  [ ! -e "$module" ] || $bb insmod "$module" || $bb echo "insmod $module failed"
done
say "kernel=$($bb uname -r)"

word() { $bb sed -n "s/.*katafarm\.$1=\([^ ]*\).*/\1/p" /proc/cmdline; }

vsock=$(word vsock)
if [ -n "$vsock" ]; then
  token=${vsock#*:}
  say "serial=$token"
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    $bb echo "vsock=$token" | /bin/socat -u - "VSOCK-CONNECT:2:${vsock%%:*}" && say "called=yes" && break
    $bb sleep 1
  done
fi

share=$(word share)
if [ -n "$share" ]; then
  $bb mount -t virtiofs "$share" /share && say "mounted=yes"
  say "given=$($bb sha256sum /share/given | $bb cut -d ' ' -f 1)"
  $bb dd if=/dev/urandom of=/share/made bs=64k count=8 2>/dev/null
  say "made=$($bb sha256sum /share/made | $bb cut -d ' ' -f 1)"
  $bb umount /share
fi

say "done=yes"
$bb sync
if [ "$(word end)" = reset ]; then $bb reboot -f; fi
$bb poweroff -f
