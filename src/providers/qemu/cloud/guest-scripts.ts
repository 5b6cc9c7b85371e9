/** Waits for cloud-init's end; prints how it ended. One of before 23.4 calls an error what later ones call degraded. */
export const awaitCloudInit = `
command -v cloud-init >/dev/null || { echo 'status: none'; exit 0; }
cloud-init status --wait >/dev/null 2>&1 || :
cloud-init status --long 2>&1`;

/** Lets root in by a key where the distro doesn't; prints what it changed. */
export const letRootIn = `
set -eu
PATH=$PATH:/usr/sbin:/sbin
settings=$(sshd -T 2>/dev/null) || settings=
reload() { systemctl reload-or-restart sshd 2>/dev/null || systemctl reload-or-restart ssh 2>/dev/null || rc-service sshd restart; }
case $(echo "$settings" | sed -n 's/^permitrootlogin //p') in no|forced-commands-only)
  sed -i '1i PermitRootLogin prohibit-password' /etc/ssh/sshd_config
  reload
  echo 'root is let in by SSH with a key, which the image does not do' ;;
esac
case $(sed -n 's/^root:\\([^:]*\\):.*/\\1/p' /etc/shadow) in '!'*)
  if ! echo "$settings" | grep -q '^usepam yes'; then
    usermod -p '*' root 2>/dev/null || sed -i 's/^root:[^:]*:/root:*:/' /etc/shadow
    echo 'the account of root is not locked any more; it has no password'
  fi ;;
esac`;

/** Prints where this boot's kernel and a busybox are that runs without any library, and how large the root is in MiB. */
export const whereThingsAre = `
set -eu
release=$(uname -r)
for kernel in "/boot/vmlinuz-$release" "/lib/modules/$release/vmlinuz" "/boot/vmlinuz-\${release##*-}" \\
  "/boot/kernel-$release" /boot/vmlinuz-linux /boot/vmlinuz ''; do [ -n "$kernel" ] && [ -s "$kernel" ] && break; done
echo "kernel $(readlink -f "$kernel" 2>/dev/null)"
folder=$(mktemp -d)
for busybox in "$(command -v busybox-static)" /bin/busybox.static "$(command -v busybox)" /usr/lib/busybox/bin/busybox ''; do
  [ -n "$busybox" ] && [ -x "$busybox" ] || continue
  cp "$(readlink -f "$busybox")" "$folder/busybox"
  ! chroot "$folder" /busybox true 2>/dev/null || break
done
rm -r "$folder"
echo "busybox $(readlink -f "$busybox" 2>/dev/null)"
df -Pm / | awk 'NR == 2 { print "root " $2; print "free " $4 }'`;

/** What is left is a machine as it is after its first boot; it won't have another one. */
export const tidyUp = `
set -eu
mkdir -p /etc/cloud
: > /etc/cloud/cloud-init.disabled
rm -f /root/.ssh/authorized_keys
rm -rf /var/cache/apt/archives/*.deb /var/cache/dnf/* /var/cache/libdnf5/* /var/cache/zypp/packages/* /var/cache/pacman/pkg/* /var/cache/xbps/* /var/cache/apk/*
fstrim / 2>/dev/null || :
sync`;

/** Goes down; the answer may not come back any more. */
export const goDown = 'systemctl poweroff --no-block 2>/dev/null || poweroff';
