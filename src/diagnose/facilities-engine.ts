import type { Facility } from './facility.ts';

const runs = ['control.*', 'kata.*', 'mapping.*'];
const control = ['control-container', 'containerd-start', 'containerd-plugin', 'shim-start'];

/** The security module, and the container stack. */
export const engineFacilities: readonly Facility[] = [
  {
    id: 'lsm',
    title: 'the security module and its userspace',
    script: `
active=$(cat /sys/kernel/security/lsm 2>/dev/null)
case $active in
  *apparmor*)
    [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ] || { echo 'AppArmor is off'; exit 0; }
    command -v apparmor_parser >/dev/null || { echo 'AppArmor is on, and its userspace is missing'; exit 1; }
    echo "AppArmor is on, with $(wc -l </sys/kernel/security/apparmor/profiles 2>/dev/null || echo 0) profiles" ;;
  *selinux*)
    mode=$(getenforce 2>/dev/null) || { echo 'SELinux is on, and its userspace is missing'; exit 1; }
    set=$(sed -n 's/^SELINUX=//p' /etc/selinux/config 2>/dev/null | tail -n 1)
    [ "$(echo "$mode" | tr A-Z a-z)" = "\${set:-enforcing}" ] || { echo "SELinux is $mode, and configured to be $set"; exit 1; }
    echo "SELinux is $mode" ;;
  *) echo "there is none of a distro's: $active" ;;
esac`,
    explains: ['lsm-state'],
    class: 'lsm-state',
    takesBlameIn: ['host.lsm'],
    blames: [[/./, 'farm']],
  },
  {
    id: 'kata-label',
    title: "the label of Kata's files under SELinux",
    script: `
command -v getenforce >/dev/null && [ "$(getenforce)" != Disabled ] || { echo 'there is no SELinux'; exit 77; }
[ -d /opt/kata ] || { echo 'there is no /opt/kata'; exit 77; }
other=$(restorecon -nRv /opt/kata 2>/dev/null | head -n 1)
[ -z "$other" ] || { echo "a label is not the policy's: $other"; exit 1; }
echo 'the labels are those of the policy'`,
    explains: ['selinux-label', 'selinux-avc', 'shim-start'],
    class: 'selinux-label',
    takesBlameIn: ['kata.*', 'mapping.*'],
    blames: [[/./, 'farm']],
    mend: 'restorecon -R /opt/kata',
  },
  {
    id: 'containerd',
    title: "containerd's configuration and socket",
    script: `
command -v containerd >/dev/null || { echo 'there is no containerd'; exit 1; }
said=$(containerd config dump 2>&1 >/dev/null) || { echo "its configuration does not load: $(printf '%s' "$said" | tail -n 1)"; exit 1; }
state=$(systemctl is-active containerd 2>/dev/null)
[ "$state" = active ] || { [ "$state" = inactive ] && systemctl start containerd 2>/dev/null; } || { echo "containerd is \${state:-not there}, and does not start"; exit 1; }
said=$(ctr version 2>&1) || { echo "containerd does not answer: $(printf '%s' "$said" | tail -n 1)"; exit 1; }
echo 'containerd loads its configuration and answers'`,
    explains: control,
    class: 'containerd-start',
    takesBlameIn: ['host.containerd', ...runs],
    blames: [[/./, 'container-stack']],
  },
  {
    id: 'runc',
    title: 'runc',
    script: `
command -v runc >/dev/null || { echo 'there is no runc'; exit 1; }
said=$(runc --version 2>&1) || { echo "runc does not run: $(printf '%s' "$said" | tail -n 1)"; exit 1; }
echo "$said" | head -n 1`,
    explains: control,
    class: 'control-container',
    takesBlameIn: ['host.containerd', ...runs],
    blames: [[/./, 'container-stack']],
  },
];
