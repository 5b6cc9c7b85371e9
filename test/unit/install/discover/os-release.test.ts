import { describe, expect, it } from 'vitest';
import { familyOf, idOf, isRolling, osReleaseOf } from '../../../../src/install/discover/os-release.ts';

/** Lines of the releases' own os-release files. */
const releases = [
  { says: 'ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie', id: 'debian-13', family: 'debian' },
  {
    ...{ says: 'ID=debian\nVERSION_CODENAME=forky\nPRETTY_NAME="Debian GNU/Linux forky/sid"' },
    ...{ id: 'debian-forky', family: 'debian', rolling: true },
  },
  { says: 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="26.04"', id: 'ubuntu-26.04', family: 'ubuntu' },
  { says: 'ID=fedora\nVERSION_ID=44', id: 'fedora-44', family: 'fedora' },
  {
    ...{ says: 'ID=fedora\nVERSION_ID=45\nPRETTY_NAME="Fedora Linux 45 (Rawhide Prerelease)"' },
    ...{ id: 'fedora-rawhide', family: 'fedora', rolling: true },
  },
  { says: 'ID="centos"\nNAME="CentOS Stream"\nVERSION_ID="10"', id: 'centos-stream-10', family: 'centos' },
  { says: 'ID="almalinux"\nVERSION_ID="10.1"', id: 'almalinux-10', family: 'almalinux' },
  { says: 'ID="amzn"\nVERSION_ID="2023"', id: 'amazonlinux-2023', family: 'amazonlinux' },
  { says: 'ID=azurelinux\nVERSION_ID="3.0"', id: 'azurelinux-3.0', family: 'azurelinux' },
  { says: 'ID="openEuler"\nVERSION_ID="24.03"', id: 'openeuler-24.03', family: 'openeuler' },
  { says: 'ID="opensuse-leap"\nVERSION_ID="16.0"', id: 'opensuse-leap-16.0', family: 'opensuse' },
  {
    ...{ says: 'ID="opensuse-tumbleweed"\nVERSION_ID="20261120"' },
    ...{ id: 'opensuse-tumbleweed', family: 'opensuse', rolling: true },
  },
  { says: 'ID="sles"\nVERSION_ID="15.7"', id: 'sles-15.7', family: 'sles' },
  { says: 'ID=alpine\nVERSION_ID=3.23.0', id: 'alpine-3.23', family: 'alpine' },
  {
    ...{ says: 'ID=alpine\nVERSION_ID=3.24.0_alpha20260127\nPRETTY_NAME="Alpine Linux edge"' },
    ...{ id: 'alpine-edge', family: 'alpine', rolling: true },
  },
  { says: 'ID=arch\nBUILD_ID=rolling', id: 'arch-rolling', family: 'arch', rolling: true },
  { says: "ID='void'\nNAME='Void'", id: 'void-rolling', family: 'void', rolling: true },
  { says: 'ID=nixos\nVERSION_ID="26.05"', id: 'nixos-26.05', family: 'nixos' },
] as const;

describe("a machine's os-release", () => {
  it.each(releases)('is that of $id', (release) => {
    const os = osReleaseOf(`${release.says}\n`);

    expect(idOf(os)).toBe(release.id);
    expect(familyOf(os)).toBe(release.family);
    expect(isRolling(os)).toBe('rolling' in release);
  });
});
