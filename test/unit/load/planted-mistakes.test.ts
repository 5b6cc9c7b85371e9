import { describe, expect, it } from 'vitest';
import { DistroFile } from '../../../src/load/distro-schema.ts';
import { parseYaml } from '../../../src/load/parse-yaml.ts';

const whole = `title: Example 1
family: example
architectures: [amd64, arm64]
package-manager: dnf
lsm: selinux
lifecycle:
  released: 2025-04-15
  eol: 2026-05-13
  lts: 2027-05-13
  source: https://example.org/life
sources:
  default: { source: the index of 2026-11-22, trust: read }
  memory: { source: nobody looked, trust: unverified }
parts:
  kernel: { package: kernel-core, path: /lib/modules/, version: "6.14" }
  qemu: { package: qemu-kvm, path: /usr/bin/qemu-system-x86_64 }
  cloud-hypervisor: { not-packaged: "fedora and updates, searched 2026-11-22" }
  firecracker: { unknown: not looked up, from: memory }
  virtiofsd: { package: virtiofsd, path: /usr/libexec/virtiofsd }
  containerd: { package: containerd, path: /usr/bin/containerd }
  runc: { package: runc, path: /usr/bin/runc }
  docker: { package: moby-engine, path: /usr/bin/dockerd, from: memory }
  nerdctl: { unknown: not looked up }
  cri-o: { package: cri-o, path: /usr/bin/crio }
  kata: { unknown: not looked up }
toolchain: { rust: rust, go: golang, alternatives: { rust: [rust-1.97] } }
images:
  cloud:
    url: https://example.org/{build}/cloud.qcow2
    latest: { index: https://example.org/, pattern: "href=.([0-9.]+)/" }
    checksums: https://example.org/{build}/CHECKSUM
    signed: { by: ABCDEF0123456789ABCDEF0123456789ABCDEF01, key: https://example.org/key.asc }
    firmware: uefi
  docker: { reference: "quay.io/example/example:1" }
repositories: [https://example.org/os/]
ships: { agrees: unknown, last-activity: 2024-07-01 }
tracker: { title: The tracker, url: "https://example.org/{package}" }
notes: [one]
`;

const complaintsOf = (text: string) => {
  const parsed = parseYaml('example-1.yaml', text, DistroFile);
  return 'complaints' in parsed ? parsed.complaints : [];
};

describe("a release's file", () => {
  it('is right as a whole', () => {
    expect(complaintsOf(whole)).toEqual([]);
  });

  it.each([
    '127.0.0.1:5000/debian:13',
    'localhost/debian:13',
    'registry.example.org:443/a/b_c/debian:13',
    `quay.io/example/example:1@sha256:${'0a'.repeat(32)}`,
    `quay.io/example/example@sha256:${'0a'.repeat(32)}`,
  ])('may have its container image as %s', (reference) => {
    expect(complaintsOf(whole.replace('quay.io/example/example:1', reference))).toEqual([]);
  });

  it.each([
    ['title: Example 1', 'titel: Example 1', 1, 'did you mean "title"?'],
    ['title: Example 1', 'title: ""', 1, 'must not be empty'],
    ['family: example', 'family: Red Hat', 2, 'must be one lower-case word: debian'],
    ['[amd64, arm64]', '[x86_64]', 3, 'cannot be "x86_64"'],
    ['[amd64, arm64]', '[]', 3, 'must not be empty'],
    ['package-manager: dnf', 'package-manager: yum', 4, 'cannot be "yum"'],
    ['package-manager: dnf', 'package_manager: dnf', 4, 'did you mean "package-manager"?'],
    ['lsm: selinux', 'lsm: SELinux', 5, 'did you mean "selinux"?'],
    ['released: 2025-04-15', 'released: April 2025', 7, 'must be a date like 2028-08-09'],
    ['released: 2025-04-15', 'rolling: true', 8, 'is a date that a rolling release does not have'],
    ['eol: 2026-05-13', 'eol: 2024-05-13', 8, 'is not after the release on 2025-04-15'],
    ['lts: 2027-05-13', 'lts: 2026-01-01', 9, 'is not after the end of regular support'],
    ['  source: https://example.org/life\n', '', 6, '"lifecycle.source" is missing'],
    ['trust: read }', 'trust: sure }', 12, 'cannot be "sure"'],
    ['  default: {', '  index: {', 15, 'has no source, and there is no `sources.default`'],
    ['from: memory }\n  virtiofsd', 'from: memroy }\n  virtiofsd', 18, 'is none of the sources'],
    ['package: kernel-core', 'package: kernel core', 15, "must be a package's name alone"],
    ['package: qemu-kvm', 'package: -y', 16, "must be a package's name alone"],
    ['path: /usr/bin/qemu-system-x86_64', 'path: qemu-system-x86_64', 16, 'must be an absolute path'],
    ['package: virtiofsd, ', '', 19, '"parts.virtiofsd.package" is missing'],
    [', searched 2026-11-22', '', 17, 'must say where it was searched, and when'],
    ['unknown: not looked up, from', 'unknwon: not looked up, from', 18, 'did you mean "unknown"?'],
    ['  runc: {', '  rnuc: {', 21, 'did you mean "runc"?'],
    ['  kata: { unknown: not looked up }\n', '', 14, '"parts.kata" is missing'],
    ['toolchain: { rust: rust', 'toolchain: { rustc: rust', 26, 'did you mean "rust"?'],
    ['alternatives: {', 'alternative: {', 26, 'did you mean "alternatives"?'],
    ['[rust-1.97]', 'rust-1.97', 26, 'must be a list'],
    ['[rust-1.97]', '[rust]', 26, '"rust" is said twice'],
    ['{ rust: rust, go', '{ go', 26, 'is beside no package: `toolchain.rust` is missing'],
    ['firmware: uefi', 'firmware: uefi\n    emulate-without: [+avx]', 34, 'must be a CPU feature as QEMU'],
    [
      'url: https://example.org/{build}',
      'url: ftp://example.org/{build}',
      29,
      'must be an https URL, or file:///…',
    ],
    ['/{build}/cloud.qcow2', '/cloud.qcow2', 30, 'finds a build that the url has no {build} for'],
    ['href=.([0-9.]+)/', 'href=.[0-9.]+/', 30, 'must be a regular expression with one group'],
    [
      '    checksums: https://example.org/{build}/CHECKSUM\n',
      '',
      28,
      'no image is taken whose checksum nobody published',
    ],
    ['by: ABCDEF01', 'by: ', 32, "must be a key's fingerprint, 40 hex digits"],
    ['firmware: uefi', 'firmware: efi', 33, 'did you mean "uefi"?'],
    ['quay.io/example/example:1', 'example:1', 34, "must be an image's reference in full"],
    ['quay.io/example/example:1', 'me/example:1', 34, "must be an image's reference in full"],
    ['quay.io/example/example:1', 'quay.io/example/example', 34, "must be an image's reference in full"],
    [
      'reference: "quay.io/example/example:1"',
      'build: mmdebstrap',
      34,
      'has no recipe: images.qemu is missing',
    ],
    ['agrees: unknown', 'agrees: maybe', 36, 'cannot be "maybe"'],
    ['last-activity: 2024-07-01', 'last-activity: 2024', 36, 'must be text, not 2024'],
    ['url: "https://example.org/{package}"', 'url: example.org', 37, 'must be an https URL, with {package}'],
    ['notes: [one]', 'notes: one', 38, 'must be a list'],
    ['notes: [one]', 'notes: [one', 39, 'cannot read the YAML'],
  ] as const)('with %j as %j is refused at line %i', (before, after, line, hint) => {
    expect(whole).toContain(before);
    const complaints = complaintsOf(whole.replace(before, after));

    expect(complaints.join('\n')).toContain(hint);
    expect(
      complaints.some((one) => one.startsWith(`example-1.yaml:${line}:`) && one.includes(hint)),
      complaints.join('\n'),
    ).toBe(true);
  });
});
