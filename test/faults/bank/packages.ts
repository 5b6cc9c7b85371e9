import type { Fault } from '../fault.ts';
import { file } from '../plant.ts';

/** A package of these fields, installed by apt. */
const installing = (fields: readonly string[]) => `${file('/root/planted/DEBIAN/control', [
  'Package: planted',
  'Version: 1',
  'Architecture: all',
  'Maintainer: nobody <nobody@localhost>',
  'Description: planted',
  ...fields,
])}
  dpkg-deb -b /root/planted /root/planted.deb
  apt-get install -y /root/planted.deb`;

/** A repository at this address in place of the machine's. */
const updatingFrom = (address: string) => `rm -rf /etc/apt/sources.list.d/* /var/lib/apt/lists/*
  echo 'deb [trusted=yes] ${address} ./' >/etc/apt/sources.list
  apt-get -o APT::Update::Error-Mode=any update`;

/** One in the machine, of this moment. */
const repository = `mkdir -p /srv/planted; cd /srv/planted
  printf '%s\\n' 'Package: planted' 'Version: 1' 'Architecture: all' >Packages
  printf '%s\\n' "Date: $(date -Ru)" 'SHA256:' \\
    " $(sha256sum Packages | cut -d ' ' -f 1) $(wc -c <Packages) Packages" >Release`;

/** What goes wrong on the way to a prepared machine: the script itself fails. */
export const packageFaults: readonly Fault[] = [
  {
    id: 'mirror-unreachable',
    title: 'a mirror that nobody listens at',
    plant: { script: updatingFrom('http://127.0.0.1:9/planted') },
    scenario: 'host.cpu',
    expect: { component: 'infra', class: 'pkg-mirror' },
    why: 'Nothing of the distro was had, so that nothing of it can be said.',
  },
  {
    id: 'mirror-without-name',
    title: 'a mirror whose name does not resolve',
    plant: { script: updatingFrom('http://mirror.invalid/planted') },
    scenario: 'host.cpu',
    expect: { component: 'infra', class: 'pkg-mirror' },
    why: "Names are the network's.",
  },
  {
    id: 'mirror-inconsistent',
    title: 'a mirror caught in the middle of an update',
    plant: {
      script: `${repository}\n  echo more >>/srv/planted/Packages\n  ${updatingFrom('file:/srv/planted')}`,
    },
    scenario: 'host.cpu',
    expect: { component: 'infra', class: 'pkg-mirror' },
    why: 'Index and lists do not agree, and agree again once the mirror is done.',
  },
  {
    id: 'clock-far-off',
    title: 'a clock that is years behind',
    plant: {
      script: `${repository}\n  date -s 2011-01-01\n  ${updatingFrom('file:/srv/planted')}`,
    },
    scenario: 'host.cpu',
    expect: { component: 'farm', class: 'clock' },
    why: `A Release file "not valid yet" looks like the mirror's trouble, and the machine's clock is set by the farm.`,
  },
  {
    id: 'dependency-uninstallable',
    title: 'a package whose dependency nobody packages',
    plant: { script: installing(['Depends: nothing-of-that-name']) },
    scenario: 'host.cpu',
    expect: { component: 'distro-packaging', class: 'uninstallable' },
    why: 'Unmet dependencies are packaging, however good the mirror.',
  },
  {
    id: 'package-script-failed',
    title: 'a package whose installation script fails',
    plant: {
      script: installing([]).replace(
        'dpkg-deb -b',
        "printf '%s\\n' '#!/bin/sh' 'exit 1' >/root/planted/DEBIAN/postinst; chmod 755 /root/planted/DEBIAN/postinst\n  dpkg-deb -b",
      ),
    },
    scenario: 'host.cpu',
    expect: { component: 'distro-packaging', class: 'packaging' },
    why: 'dpkg had the package, and its own script ended with 1.',
  },
  {
    id: 'package-not-there',
    title: 'a package that no source names',
    plant: { script: 'apt-get install -y no-package-of-that-name' },
    scenario: 'host.cpu',
    expect: 'unknown',
    why: 'apt says the same of a package that was never there, of a list that was never fetched, and of a slip in the script.',
  },
];
