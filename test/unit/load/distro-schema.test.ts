import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DistroFile, distroJsonSchema, distroOf } from '../../../src/load/distro-schema.ts';
import { parseYaml } from '../../../src/load/parse-yaml.ts';

const folder = resolve(import.meta.dirname, '../../../distros');
const debian = await readFile(join(folder, 'debian-13.yaml'), 'utf8');

const complaintsWith = (before: string, after: string) => {
  expect(debian).toContain(before);
  const parsed = parseYaml('debian-13.yaml', debian.replace(before, after), DistroFile);
  return 'complaints' in parsed ? parsed.complaints : [];
};

describe('the schema of a release', () => {
  it.each([
    ['a date that is none', 'eol: 2028-08-09', 'eol: soon', '"lifecycle.eol" must be a date like 2028-08-09'],
    [
      'an end before the release',
      'eol: 2028-08-09',
      'eol: 2020-01-01',
      'is not after the release on 2025-08-09',
    ],
    ['LTS that ends first', 'lts: 2030-06-30', 'lts: 2027-06-30', 'is not after the end of regular support'],
    [
      'a rolling release with an end',
      'released:',
      'rolling: true\n  released:',
      'that a rolling release does not have',
    ],
    ['dates without a source', '  source:', '  # source:', '"lifecycle.source" is missing'],
    ['a release without its date', '  released:', '  # released:', '"lifecycle.released" is missing'],
    ['a part that is not stated', '  runc:', '  # runc:', '"parts.runc" is missing'],
    [
      'a relative path',
      'path: /usr/sbin/runc',
      'path: sbin/runc',
      '"parts.runc.path" must be an absolute path',
    ],
    ['a search without a date', ', searched 2026-11-21', '', 'must say where it was searched, and when'],
    ['a security module there is none of', 'lsm: apparmor', 'lsm: selinx', 'did you mean "selinux"?'],
    [
      'another package manager',
      'manager: apt',
      'manager: atp',
      '"package-manager" cannot be "atp"; did you mean "apt"?',
    ],
    ['two packages in one line', '- socat', '- socat,zsh', `must be a package's name alone`],
    ['an option in place of a package', '- socat', '- --yes', `must be a package's name alone`],
    ['a package both in and out', '- qemu-system-gui', '- socat', '"socat" is included as well'],
    ["a part's package left out", '- qemu-system-gui', '- virtiofsd', '"virtiofsd" is the package of a part'],
  ])('refuses %s', (_, before, after, message) => {
    const [first, ...others] = complaintsWith(before, after);

    expect(first).toMatch(/^debian-13\.yaml:\d+:\d+ /);
    expect(first).toContain(message);
    expect(others).toEqual([]);
  });

  it('becomes a release of the domain', () => {
    const parsed = parseYaml('debian-13.yaml', debian, DistroFile);
    if ('complaints' in parsed) {
      throw new Error(parsed.complaints.join('\n'));
    }

    expect(distroOf('debian-13', parsed.value)).toMatchObject({
      id: 'debian-13',
      arch: 'amd64',
      packageManager: 'apt',
      lifecycle: { rolling: false, released: '2025-08-09', eol: '2028-08-09', lts: '2030-06-30' },
      parts: {
        qemu: { package: 'qemu-system-x86', path: '/usr/bin/qemu-system-x86_64' },
        firecracker: { notPackaged: expect.stringContaining('searched') },
      },
      images: { qemu: { build: 'mmdebstrap', suite: 'trixie', sources: [] } },
      notes: [],
    });
  });

  it('is what editors get in distros/distro.schema.json', async () => {
    const committed = await readFile(join(folder, 'distro.schema.json'), 'utf8');

    expect(committed, 'write it anew: ./katafarm validate --write-schema').toBe(distroJsonSchema());
  });
});
