import type { Fault } from '../fault.ts';
import { qemu, refusing, replaced } from '../plant.ts';

/** The distro's QEMU. */
export const vmmFaults: readonly Fault[] = [
  {
    id: 'qemu-device-missing',
    title: 'a QEMU without vhost-vsock-pci',
    plant: {
      script: replaced(qemu, [
        'case "$*" in "-device help") "$0.away" "$@" | grep -v vhost-vsock-pci ;; *) exec "$0.away" "$@" ;; esac',
      ]),
    },
    scenario: 'vmm.qemu.probe',
    expect: { component: 'distro-vmm', class: 'qemu-device-missing' },
    why: 'Which devices a QEMU has is decided where it is built.',
  },
  {
    id: 'qemu-device-refused',
    title: "a QEMU without vhost-user-fs-pci, met by Kata's command line",
    plant: {
      script: refusing(
        qemu,
        '*vhost-user-fs-pci*',
        "qemu-system-x86_64: -device vhost-user-fs-pci: 'vhost-user-fs-pci' is not a valid device model name",
      ),
    },
    scenario: 'vmm.qemu.kata-cmdline',
    expect: { component: 'distro-vmm', class: 'qemu-device-missing' },
    why: 'A device that this build left out is not a syntax that Kata could mend.',
  },
  {
    id: 'qemu-syntax-dropped',
    title: "a newer QEMU that has dropped a syntax of Kata's",
    plant: {
      script: replaced(qemu, [
        'case "$*" in',
        "  --version) echo 'QEMU emulator version 12.1.0 (planted)'; exit ;;",
        `  *driftfix*) echo "$0: -rtc base=utc,clock=host,driftfix=slew: Invalid parameter 'driftfix'" >&2; exit 1 ;;`,
        'esac',
        'exec "$0.away" "$@"',
      ]),
    },
    scenario: 'vmm.qemu.kata-cmdline',
    expect: { component: 'kata', class: 'qemu-syntax-new' },
    why: "QEMU announced the end of that syntax, and Kata 3.8 against QEMU 9.0.2 (kata#10184) was Kata's to mend.",
  },
  {
    id: 'qemu-property-old',
    title: 'an old QEMU that knows no readonly of a memory file',
    plant: {
      script: refusing(
        qemu,
        '*memory-backend-file*readonly=*',
        "qemu-system-x86_64: Property 'memory-backend-file.readonly' not found",
      ),
    },
    scenario: 'vmm.qemu.kata-cmdline',
    expect: { component: 'distro-vmm', class: 'qemu-property-old' },
    why: 'The property has been in QEMU since 6.0: the release packages an older one.',
  },
  {
    id: 'qemu-no-io-uring',
    title: 'a QEMU built without io_uring',
    plant: {
      script: refusing(
        qemu,
        '*aio=io_uring*',
        "qemu-system-x86_64: -blockdev driver=file,filename=disk,node-name=disk,aio=io_uring: Parameter 'aio' does not accept value 'io_uring'",
      ),
    },
    scenario: 'vmm.qemu.probe',
    expect: { component: 'distro-vmm', class: 'qemu-no-io-uring' },
    why: 'The kernel makes rings, and this QEMU does not know the word.',
  },
  {
    id: 'qemu-no-seccomp',
    title: 'a QEMU built without seccomp',
    plant: {
      script: refusing(
        qemu,
        '*-sandbox*',
        'qemu-system-x86_64: -sandbox on: sandboxing request but seccomp is not compiled into this build',
      ),
    },
    scenario: 'vmm.qemu.probe',
    expect: { component: 'distro-vmm', class: 'qemu-built-without' },
    why: 'QEMU says itself what its build lacks.',
  },
  {
    id: 'machine-type-missing',
    title: 'a QEMU without q35',
    plant: {
      script: refusing(
        qemu,
        '*q35*',
        "qemu-system-x86_64: -machine q35,accel=kvm: unsupported machine type 'q35'",
      ),
    },
    scenario: 'vmm.qemu.boot',
    expect: { component: 'distro-vmm', class: 'machine-type' },
    why: 'Machine types are chosen where QEMU is built.',
  },
  {
    id: 'qemu-ends-at-once',
    title: 'a QEMU that ends with 1, whatever it is asked',
    plant: { script: replaced(qemu, ["echo 'broken on purpose' >&2", 'exit 1']) },
    scenario: 'vmm.qemu.qmp',
    expect: { component: 'distro-vmm', class: 'vmm-exited' },
    why: 'It ends by itself before anything but itself is asked for.',
  },
  {
    id: 'qemu-hangs',
    title: 'a QEMU that never answers',
    plant: { script: replaced(qemu, ['exec sleep 100000']) },
    scenario: 'vmm.qemu.qmp',
    beside: ['control.runc'],
    expect: 'unknown',
    why: 'A hang on two clones is a failure, and says nothing of its cause.',
  },
  {
    id: 'other-binary',
    title: "another QEMU behind the path of the distro's",
    plant: { script: replaced(qemu, ['exec "$0.away" "$@"']) },
    scenario: 'vmm.qemu.boot',
    expect: { component: 'farm', class: 'wrong-vmm' },
    why: "What ran is no package's, so that nothing was learned of the distro's QEMU.",
  },
  {
    id: 'bios-missing',
    title: 'a QEMU whose BIOS is not installed',
    plant: { script: 'dpkg --purge --force-depends seabios' },
    scenario: 'vmm.qemu.boot',
    expect: { component: 'distro-packaging', class: 'firmware-missing' },
    why: 'QEMU is whole and looks for a file of another package, which nothing brought along.',
  },
  {
    id: 'library-missing',
    title: 'a QEMU whose shared library is not there',
    plant: {
      script: `library=$(ldd ${qemu} | awk '/libpixman/ { print $3 }')
        mv "$(readlink -f "$library")" /root/; rm -f "$library"; ldconfig`,
    },
    scenario: 'vmm.qemu.qmp',
    expect: { component: 'distro-packaging', class: 'loader' },
    why: "The dynamic loader ends it before any line of QEMU's runs: its dependencies do not hold.",
  },
  {
    id: 'hotplug-off',
    title: 'a QEMU whose bridges take no device while it runs',
    plant: {
      script: replaced(qemu, [
        'case "$*" in *q35*) set -- "$@" -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off ;; esac',
        'exec "$0.away" "$@"',
      ]),
    },
    scenario: 'vmm.qemu.kata-cmdline',
    expect: { component: 'distro-vmm', class: 'qemu-hotplug' },
    why: "QEMU took the whole command line and refuses the device that Kata adds: its default is another than upstream's.",
  },
];
