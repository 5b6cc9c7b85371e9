import { channelPath, channelScript, channelUnit } from '../channel.ts';
import { fatImage } from './fat.ts';

/** Where OpenRC and runit have what they start. */
const openrc = `#!/sbin/openrc-run
description="katafarm channel"
supervisor=supervise-daemon
command=/bin/sh
command_args=${channelPath}
respawn_max=0
`;
const runit = `#!/bin/sh
exec /bin/sh ${channelPath}
`;
/** Started by a shell whose label SELinux knows; what is in the farm's own folder, it does not. */
const unit = channelUnit.replace(`ExecStart=${channelPath}`, `ExecStart=/bin/sh ${channelPath}`);

const put = (text: string, path: string, mode: number) =>
  `echo ${Buffer.from(text).toString('base64')} | base64 -d > ${path}; chmod ${mode.toString(8)} ${path}`;

/** Puts the channel into the machine that runs it, by whatever its init is, and starts it. POSIX sh. */
export const installChannel = `set -eu
mkdir -p ${channelPath.slice(0, channelPath.lastIndexOf('/'))}
${put(channelScript, channelPath, 0o755)}
modprobe virtio_console 2>/dev/null || :
if [ -d /run/systemd/system ]; then
  ${put(unit, '/etc/systemd/system/katafarm-channel.service', 0o644)}
  systemctl daemon-reload
  systemctl enable katafarm-channel.service
  systemctl start --no-block katafarm-channel.service
elif command -v rc-update >/dev/null; then
  ${put(openrc, '/etc/init.d/katafarm-channel', 0o755)}
  rc-update add katafarm-channel default
  rc-service --nodeps katafarm-channel start
elif [ -d /etc/runit ]; then
  mkdir -p /etc/sv/katafarm-channel
  ${put(runit, '/etc/sv/katafarm-channel/run', 0o755)}
  ln -sf /etc/sv/katafarm-channel /etc/runit/runsvdir/default/
else
  echo 'katafarm: this init is not known' > /dev/console; exit 1
fi`;

/**
 * What cloud-init is told at a machine's first boot. `bootcmd` comes before it grows the disk, makes keys and the like, so
 * that it can be asked how it gets on. JSON is YAML.
 */
export const userData = `#cloud-config
${JSON.stringify(
  {
    bootcmd: [['sh', '-c', installChannel]],
    disable_root: false,
    growpart: { mode: 'auto', devices: ['/'] },
    resize_rootfs: true,
    package_update: false,
    package_upgrade: false,
  },
  undefined,
  1,
)}
`;

/** A disk by which cloud-init is told what to do (its datasource NoCloud): a vfat file system with this label. */
export function seedImage(instance: string): Buffer {
  const metaData = `instance-id: ${JSON.stringify(instance)}\nlocal-hostname: katafarm\n`;
  return fatImage('CIDATA', [
    { name: 'user-data', data: Buffer.from(userData) },
    { name: 'meta-data', data: Buffer.from(metaData) },
  ]);
}
