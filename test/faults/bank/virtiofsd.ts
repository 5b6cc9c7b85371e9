import type { Fault } from '../fault.ts';
import { replaced, virtiofsd } from '../plant.ts';

const ready = 'Waiting for vhost-user socket connection';

/** The distro's virtiofsd. */
export const virtiofsdFaults: readonly Fault[] = [
  {
    id: 'virtiofsd-older-generation',
    title: 'a virtiofsd of the older generation, with other options',
    plant: {
      script: replaced(virtiofsd, [
        'for word; do case $word in --shared-dir*)',
        '  echo "fuse: unknown option(s): \\`$word\'" >&2; exit 1 ;;',
        'esac; done',
        'exec "$0.away" "$@"',
      ]),
    },
    scenario: 'vmm.virtiofsd.start',
    expect: { component: 'distro-virtiofsd', class: 'virtiofsd-generation' },
    why: "The distro packages a virtiofsd that Kata's arguments were never meant for, and QEMU has no part in it.",
  },
  {
    id: 'virtiofsd-ends-at-once',
    title: 'a virtiofsd that ends at once',
    plant: { script: replaced(virtiofsd, ["echo 'broken on purpose' >&2", 'exit 3']) },
    scenario: 'vmm.virtiofsd.start',
    expect: { component: 'distro-virtiofsd', class: 'virtiofsd-start' },
    why: 'It ends by itself before anybody has connected to it.',
  },
  {
    id: 'virtiofsd-ends-when-ready',
    title: 'a virtiofsd that says that it is ready, and ends at the first connection',
    plant: {
      script: replaced(virtiofsd, [
        'while [ "$1" != --socket-path ]; do shift; done',
        `echo '${ready}' >&2`,
        'exec socat -u OPEN:/dev/null UNIX-LISTEN:"$2"',
      ]),
    },
    scenario: 'vmm.virtiofs.mount',
    expect: { component: 'distro-virtiofsd', class: 'vhost-user-handshake' },
    why: "QEMU is who complains, as its other side has gone: to read 0 bytes instead of 12 is virtiofsd's end.",
  },
  {
    id: 'virtiofsd-not-executable',
    title: 'a virtiofsd that may not be executed',
    plant: { script: `chmod 644 ${virtiofsd}` },
    scenario: 'vmm.virtiofsd.start',
    expect: { component: 'distro-packaging', class: 'not-executable' },
    why: "Modes are the package's; no policy has denied anything.",
  },
  {
    id: 'virtiofsd-glibc',
    title: 'a virtiofsd that was built against a newer C library',
    plant: {
      script: `grep -aq 'GLIBC_2\\.34' ${virtiofsd}
        sed -i 's/GLIBC_2\\.34/GLIBC_9.99/g' ${virtiofsd}`,
    },
    scenario: 'vmm.virtiofsd.start',
    expect: { component: 'distro-packaging', class: 'glibc' },
    why: "The distro packages both, and its package manager let a binary in that this libc can't run.",
  },
  {
    id: 'virtiofsd-loader',
    title: 'a virtiofsd whose dynamic loader is not there',
    plant: {
      script: `grep -aq 'ld-linux-x86-64\\.so\\.2' ${virtiofsd}
        sed -i 's/ld-linux-x86-64\\.so\\.2/ld-linux-x86-64.so.9/' ${virtiofsd}`,
    },
    scenario: 'vmm.virtiofsd.start',
    expect: { component: 'distro-packaging', class: 'loader' },
    why: `"No such file" of a file that is there is its loader's absence: it was built for another system.`,
  },
  {
    id: 'virtiofsd-other-folder',
    title: 'a virtiofsd that shares another folder',
    plant: {
      script: replaced(virtiofsd, [
        'mkdir -p /var/tmp/other && echo other >/var/tmp/other/given',
        'for word; do shift; [ "$word" != shared ] || word=/var/tmp/other; set -- "$@" "$word"; done',
        'exec "$0.away" "$@"',
      ]),
    },
    scenario: 'vmm.virtiofs.mount',
    expect: 'unknown',
    why: "The file is in nobody's folder, and VMM, virtiofsd and guest all ended well: nothing tells them apart.",
  },
];
