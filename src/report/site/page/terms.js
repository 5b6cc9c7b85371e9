// @ts-check

/**
 * A key of the query language. `of`: what it is asked of, a release's row or one of its cells. `values`: all that there
 * are; missing: any text.
 * @typedef {object} Key
 * @property {'row' | 'cell' | 'either'} of
 * @property {string} says
 * @property {Readonly<Record<string, string>>} [values] with what each means
 * @property {Readonly<Record<string, string>>} [aliases]
 */

/** @type {Readonly<Record<string, Key>>} */
export const keys = {
  is: {
    of: 'either',
    says: 'what is remarkable of it',
    values: {
      'new-failure': 'red, green before, and red for at most a week',
      flaky:
        'red and green on clones of one machine, or to and fro with nothing changed, in its last 20 nights',
      'only-here': 'red here, and green on every other release that it was run on',
      tested: 'somebody ran it',
      untested: 'described, and never run',
      eol: 'past its end: nobody mends it',
      rolling: 'a release that changes daily',
      emulated: 'seen on an emulated CPU only',
      outdated: 'a newer package is there than the one that was tested',
      fresh: 'tested lately',
      ageing: 'tested some time ago',
      stale: 'tested too long ago to say anything',
    },
  },
  support: {
    of: 'cell',
    says: 'the word that is published',
    values: {
      works: "Kata's own cells are green as well",
      capable: 'the VMM and the kernel do; Kata itself was not run',
      degraded: 'with a departure from a default',
      'known-issue': 'it fails, and a tracker tells of it',
      broken: 'a required cell failed',
      blocked: 'a control failed',
      unknown: 'no verdict',
      'not-packaged': 'the distribution has no such package',
      eol: 'past its end',
    },
    aliases: { supported: 'works' },
  },
  vmm: {
    of: 'cell',
    says: 'whose VMM it is about',
    values: { qemu: 'QEMU', 'cloud-hypervisor': 'cloud-hypervisor', firecracker: 'Firecracker' },
    aliases: { clh: 'cloud-hypervisor', fc: 'firecracker' },
  },
  kernel: {
    of: 'cell',
    says: "whose kernel the guest has, own or kata; or the release's own, by the start of its version (kernel:6.12)",
    aliases: { distro: 'own' },
  },
  blame: {
    of: 'cell',
    says: 'whose part a failure lies in',
    values: {
      vmm: "the release's VMM",
      virtiofsd: "the release's virtiofsd",
      kernel: "the release's kernel",
      host: "the release's set-up: modules, devices, limits",
      policy: 'AppArmor or SELinux',
      packaging: 'packages that do not go together',
      engine: 'containerd, runc and the like',
      kata: 'Kata itself',
      'kata-vmm': 'Kata and this VMM together',
      farm: 'katafarm itself',
      infra: 'the host of the farm',
      unknown: 'nobody is named',
    },
    aliases: {
      'container-stack': 'engine',
      'distro-vmm': 'vmm',
      'distro-virtiofsd': 'virtiofsd',
      'distro-kernel': 'kernel',
      'distro-host': 'host',
      'distro-policy': 'policy',
      'distro-packaging': 'packaging',
    },
  },
  family: { of: 'row', says: 'a family of distributions: debian, fedora, rhel, suse …' },
  arch: {
    of: 'row',
    says: 'an architecture',
    values: { amd64: 'x86_64', arm64: 'aarch64' },
    aliases: { x86_64: 'amd64', aarch64: 'arm64' },
  },
  provider: {
    of: 'row',
    says: 'how its machines were had: qemu:built, qemu:cloud, docker, ssh (the start is enough)',
  },
  kata: {
    of: 'row',
    says: "the distribution's own package of Kata",
    values: {
      packaged: 'it has one',
      'not-packaged': 'somebody looked, and it has none',
      unknown: 'nobody knows',
    },
  },
};

/** Words that stand alone, for what they are short for. */
export const shorthands = { 'only-here': { key: 'is', value: 'only-here' } };

/** Other names of keys. @type {Readonly<Record<string, string>>} */
export const otherKeys = { variant: 'provider', architecture: 'arch', distro: 'family', word: 'support' };
