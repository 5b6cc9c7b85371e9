import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderOptions } from '../../../src/commands/context.ts';
import { loadDistros } from '../../../src/load/load-distros.ts';
import { katafarm } from '../../support/context.ts';

const recorded = join(import.meta.dirname, '../../recorded/discovered');

let folder: string;
let path: string | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'new-'));
  await mkdir(join(folder, 'distros'));
  await mkdir(join(folder, 'bin'));
  path = process.env['PATH'];
  process.env['PATH'] = `${join(folder, 'bin')}${delimiter}${path}`;
  await ssh(`cat ${recorded}/"$host".txt`);
});
afterEach(async () => {
  process.env['PATH'] = path;
  await rm(folder, { recursive: true, force: true });
});

/** An ssh that answers with what was recorded of the host's name. */
async function ssh(answer: string): Promise<void> {
  const file = join(folder, 'bin/ssh');
  await writeFile(file, `#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; host=$2\n${answer}\n`);
  await chmod(file, 0o755);
}

const now = () => new Date('2026-11-22T12:00:00Z');
const newDistro = (...argv: readonly string[]) =>
  katafarm(['new', 'distro', '--distros', 'distros', '--quiet', ...argv], { cwd: folder, now });

describe('katafarm new distro', () => {
  it('writes a file that is right as it is, each claim with its source', async () => {
    const { out, err, code } = await newDistro('--ssh', 'debian-12');

    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toContain('distros/debian-12.yaml: 5 parts installed there, 1 in its index');
    const [release] = await loadDistros(join(folder, 'distros'));
    expect(release).toMatchObject({
      id: 'debian-12',
      family: 'debian',
      lsm: 'apparmor',
      lifecycle: { released: '2023-06-10', eol: '2026-07-11', lts: '2028-06-30' },
      toolchain: { rust: 'rustc', go: 'golang-go' },
    });
    expect(release?.parts.virtiofsd).toEqual({
      package: 'qemu-system-common',
      path: '/usr/lib/qemu/virtiofsd',
      version: '1:7.2+dfsg-7+deb12u18+b3',
      source: 'found on a machine of debian-12, 2026-11-22',
      trust: 'tested',
    });
    expect(release?.parts['cloud-hypervisor']).toMatchObject({
      unknown: 'apt has no package called cloud-hypervisor; there may be another',
      trust: 'read',
    });
  });

  it('prints it where it is told to, and writes nothing', async () => {
    const { out, code } = await newDistro('--ssh', 'arch', '--out', '-');

    expect(code).toBe(0);
    expect(out).toContain('containerd: { unknown: "/usr/bin/containerd is there, and no package owns it" }');
    expect(out).toContain('  rolling: true');
    expect(await readdir(join(folder, 'distros'))).toEqual([]);
  });

  it('takes the dates that a machine does not know from the command line', async () => {
    const { code } = await newDistro('--ssh', 'fedora', '--released', '2026-04-28');

    expect(code).toBe(0);
    const [release] = await loadDistros(join(folder, 'distros'));
    expect(release?.lifecycle).toEqual({
      rolling: false,
      released: '2026-04-28',
      eol: '2027-06-02',
      source: 'whoever wrote this file, and os-release of a machine of fedora-44',
    });
    expect(release?.parts.qemu).toMatchObject({ path: '/usr/bin/qemu-system-x86_64', trust: 'read' });
  });

  it('describes arm64 as arm64', async () => {
    await newDistro('--ssh', 'alpine', '--released', '2025-12-01');

    const [release] = await loadDistros(join(folder, 'distros'));
    expect(release).toMatchObject({ id: 'alpine-3.23@arm64', arch: 'arm64' });
  });

  it('replaces no file', async () => {
    await writeFile(join(folder, 'distros/debian-12.yaml'), 'mine\n');

    const { err, code } = await newDistro('--ssh', 'debian-12');

    expect(code).toBe(2);
    expect(err).toContain('cannot write distros/debian-12.yaml: it is there already; print what was found');
    expect(await readFile(join(folder, 'distros/debian-12.yaml'), 'utf8')).toBe('mine\n');
  });

  it.each([
    {
      argv: [],
      err: 'cannot tell which machine is meant: say one of --local, --ssh root@host, --from RELEASE',
    },
    { argv: ['--local', '--ssh', 'arch'], err: 'cannot tell which machine is meant' },
    { argv: ['--ssh', 'fedora'], err: 'cannot tell when Fedora Linux 44 (Cloud Edition) was released' },
    {
      argv: ['--ssh', 'fedora', '--released', '2028-01-01'],
      err: 'cannot have a release of 2028-01-01 end on',
    },
    { argv: ['--ssh', 'arch', '--released', '2026-02-30'], err: 'cannot read --released "2026-02-30"' },
    { argv: ['--ssh', 'arch', '--id', 'Arch'], err: 'cannot call a release "Arch": say --id with a name' },
    { argv: ['--ssh=-oProxyCommand=x'], err: 'cannot reach "-oProxyCommand=x" by ssh: say a host' },
  ])('refuses $argv', async ({ argv, err }) => {
    const said = await newDistro(...argv);

    expect(said.err).toContain(err);
    expect(said.code).toBe(2);
    expect(await readdir(join(folder, 'distros'))).toEqual([]);
  });

  describe('--from an image', () => {
    beforeEach(async () => {
      await writeFile(join(folder, 'image.qcow2'), 'a disk');
    });

    it('asks which release it is like', async () => {
      const { err, code } = await newDistro('--from', 'image.qcow2');

      expect(code).toBe(2);
      expect(err).toContain("cannot boot the image image.qcow2: say which release of the farm's it is like");
    });

    it('has it booted in place of the image of that release', async () => {
      let asked: ProviderOptions | undefined;
      const providers = async (options: ProviderOptions) => {
        asked = options;
        return [];
      };

      const { err } = await katafarm(
        ['new', 'distro', '--quiet', '--from', 'image.qcow2', '--like', 'debian-13'],
        { cwd: folder, now, providers },
      );

      expect(err).toContain('cannot have a machine of debian-13');
      expect(asked?.brought).toEqual({ 'debian-13': join(folder, 'image.qcow2') });
    });
  });

  it.each([
    {
      what: 'that is not there',
      answer: 'echo "ssh: Could not resolve hostname box" >&2; exit 255',
      code: 3,
      err: 'cannot reach box: ssh: Could not resolve hostname box; try ssh box true',
    },
    {
      what: 'that goes away',
      answer: `head -n 12 ${recorded}/debian-12.txt; exit 255`,
      code: 3,
      err: 'cannot reach box: the connection was lost',
    },
    {
      what: 'that ends midway',
      answer: `head -n 25 ${recorded}/debian-12.txt`,
      code: 3,
      err: 'cannot look at the machine: it stopped midway',
    },
    {
      what: 'that nobody knows',
      answer: 'printf "@ os-release\\n|ID=plan9\\n@ arch\\n|x86_64\\n@ manager\\n|\\n@ end\\n"',
      code: 2,
      err: 'cannot tell which package manager the machine has: its ID is "plan9"',
    },
    {
      what: 'whose mirror fails',
      answer: `sed 's/^@ installed/@ indexed 100\\n|E: Failed to fetch x  Unable to connect\\n&/' ${recorded}/debian-12.txt`,
      code: 3,
      err: 'cannot read the package index of the machine: E: Failed to fetch x  Unable to connect; try again',
    },
    {
      what: 'of another kind',
      answer: `sed s/x86_64/riscv64/ ${recorded}/arch.txt`,
      code: 2,
      err: 'its architecture is riscv64',
    },
  ])('says what is wrong with a machine $what', async ({ answer, code, err }) => {
    await ssh(answer);

    const said = await newDistro('--ssh', 'box');

    expect(said.err).toContain(err);
    expect(said.code).toBe(code);
  });
});
