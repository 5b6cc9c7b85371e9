import type { Facility } from './facility.ts';

/** Whose a device is that can't be used, by what its script says. */
const deviceBlames: Facility['blames'] = [
  [/no module/, 'distro-kernel'],
  [/not those of the kernel that runs/, 'farm'],
  [/not loaded/, 'farm'],
  [/busy/i, 'infra'],
  [/does not load: .*(?:Unknown symbol|Exec format|Invalid argument|Key)/, 'distro-kernel'],
  [/does not load/, 'distro-host'],
  [/not a character device|mode|permitted|denied|has no node/, 'distro-host'],
];

/** A question that only the real device answers, and that changes nothing. */
interface Device {
  readonly path: string;
  readonly module: string;
  /** The number of an ioctl. */
  readonly question: number;
}

/** Opens a device as Kata does; where that goes wrong, says whether the kernel has the module. */
const deviceScript = ({ path, module, question }: Device) => `
command -v perl >/dev/null || { echo 'there is no perl'; exit 77; }
release=$(uname -r)
had() {
  [ -d "/lib/modules/$release" ] || { echo "the modules in /lib/modules are not those of the kernel that runs ($release)"; exit 1; }
  modinfo -n ${module} >/dev/null 2>&1 ||
    case $(find "/lib/modules/$release" -name '${module.replaceAll('_', '[-_]')}.ko*' | head -n 1) in
      '') echo "$1: the kernel has no module ${module}"; exit 1 ;;
      *) echo "$1: the module ${module} is there, is in no index, and so not loaded"; exit 1 ;;
    esac
  [ -d /sys/module/${module} ] && { echo "$1: ${module} is loaded and has no node"; exit 1; }
  said=$(modprobe ${module} 2>&1) || { echo "$1: ${module} does not load: $said"; exit 1; }
  echo "$1: the module ${module} is there and was not loaded"; exit 1
}
[ -e ${path} ] || had '${path} is not there'
[ -c ${path} ] || { echo '${path} is not a character device'; exit 1; }
answer=$(perl -e 'open my $d, "+<", $ARGV[0] or print("$!"), exit; my $a = pack "L2", 0, 0;
  defined ioctl $d, $ARGV[1], $ARGV[2] ? $a : 0 or print("it does not answer: $!"), exit; print "ok"' ${path} ${question} ${module === 'tun' ? 1 : 0})
case $answer in
  ok) echo '${path} opens and answers' ;;
  *'No such'*) had "${path}: $answer" ;;
  *) echo "${path}: $answer"; exit 1 ;;
esac`;

const device = (
  id: string,
  what: Device,
  rest: Pick<Facility, 'title' | 'explains' | 'takesBlameIn'>,
): Facility => ({
  id,
  script: deviceScript(what),
  class: 'host-module-missing',
  blames: deviceBlames,
  mend: `[ ! -e ${what.path} ] || [ -c ${what.path} ] || rm -f ${what.path}
    modprobe -r ${what.module} 2>/dev/null || true; modprobe ${what.module}; [ -c ${what.path} ]`,
  ...rest,
});

/** Those that Kata opens. VHOST_SET_OWNER is of linux/vhost.h, TUNGETFEATURES of linux/if_tun.h. */
export const deviceFacilities: readonly Facility[] = [
  device(
    'vhost-vsock',
    { path: '/dev/vhost-vsock', module: 'vhost_vsock', question: 0xaf01 },
    {
      title: "the host's side of vsock",
      explains: [
        'host-module-missing',
        'host-device',
        'agent-timeout',
        'guest-silent',
        'vsock-busy',
        'vmm-refuses',
      ],
      takesBlameIn: ['host.devices', 'vmm.qemu.boot', 'vmm.qemu.kata-cmdline', 'kata.*', 'mapping.*'],
    },
  ),
  device(
    'vhost-net',
    { path: '/dev/vhost-net', module: 'vhost_net', question: 0xaf01 },
    {
      title: "the host's side of a guest's network card",
      explains: ['host-module-missing', 'host-device', 'net-attach', 'vmm-refuses'],
      takesBlameIn: ['host.devices', 'vmm.qemu.kata-cmdline', 'kata.*', 'mapping.*'],
    },
  ),
  device(
    'tun',
    { path: '/dev/net/tun', module: 'tun', question: 0x800454cf },
    {
      title: 'tap devices',
      explains: ['host-module-missing', 'host-device', 'net-attach', 'vmm-refuses'],
      takesBlameIn: ['host.devices', 'vmm.qemu.kata-cmdline', 'kata.*', 'mapping.*'],
    },
  ),
  {
    id: 'kvm',
    title: 'virtual machines of the kernel',
    // KVM_CREATE_VM of linux/kvm.h; the mode is that of udev's rules, which a VMM that is not root lives by.
    script: `
command -v perl >/dev/null || { echo 'there is no perl'; exit 77; }
release=$(uname -r); vendor=kvm_intel; ! grep -qw svm /proc/cpuinfo || vendor=kvm_amd
if ! [ -e /dev/kvm ]; then
  [ -d "/lib/modules/$release" ] || { echo "the modules in /lib/modules are not those of the kernel that runs ($release)"; exit 1; }
  modinfo -n $vendor >/dev/null 2>&1 || { echo "/dev/kvm is not there: the kernel has no module $vendor"; exit 1; }
  echo "/dev/kvm is not there: the module $vendor is there and was not loaded"; exit 1
fi
[ -c /dev/kvm ] || { echo '/dev/kvm is not a character device'; exit 1; }
rule=$(cat /usr/lib/udev/rules.d/*.rules /lib/udev/rules.d/*.rules /etc/udev/rules.d/*.rules 2>/dev/null | grep 'KERNEL=="kvm"' | grep 'MODE=' | tail -n 1)
want=$(printf '%s' "$rule" | sed -n 's/.*MODE="0*\\([0-7]*\\)".*/\\1/p'); has=$(stat -c %a /dev/kvm)
[ -z "$want" ] || [ "$has" = "$want" ] || { echo "/dev/kvm has mode $has, and the distro's rules give it $want"; exit 1; }
answer=$(perl -e 'open my $k, "+<", "/dev/kvm" or print("$!"), exit; my $v = ioctl $k, 0xAE01, 0;
  defined $v or print("KVM_CREATE_VM: $!"), exit; print "ok"')
[ "$answer" = ok ] || { echo "/dev/kvm: $answer"; exit 1; }
echo "/dev/kvm opens, makes a VM, and has mode $has"`,
    explains: [
      'kvm-access',
      'kvm-unusable',
      'kvm-unused',
      'host-device',
      'host-module-missing',
      'nested-virt',
      'vmm-refuses',
    ],
    class: 'kvm-access',
    takesBlameIn: ['host.kvm', 'host.devices', 'vmm.*', 'kata.*', 'mapping.*'],
    blames: [[/KVM_CREATE_VM/, 'nesting'], ...deviceBlames],
    mend: `[ -c /dev/kvm ] || { rm -f /dev/kvm; modprobe -r kvm_intel kvm_amd 2>/dev/null || true
        modprobe kvm_intel 2>/dev/null || modprobe kvm_amd; }
      want=$(cat /usr/lib/udev/rules.d/*.rules /lib/udev/rules.d/*.rules /etc/udev/rules.d/*.rules 2>/dev/null | grep 'KERNEL=="kvm"' | sed -n 's/.*MODE="\\([0-7]*\\)".*/\\1/p' | tail -n 1)
      chmod "\${want:-0666}" /dev/kvm`,
  },
];
