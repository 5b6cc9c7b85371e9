import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { nameOf, targetOf } from '../../../../src/machine/ssh-target.ts';
import { judgeLog } from '../../../../src/providers/ssh/kernel-log.ts';
import { notThisRelease, pairsIn } from '../../../../src/providers/ssh/release.ts';
import { cleaning, guarding, reaping } from '../../../../src/providers/ssh/scripts.ts';
import { speedOf } from '../../../../src/providers/ssh/speed.ts';
import { adviceOn, sshArguments, wayTo } from '../../../../src/providers/ssh/way.ts';
import { distroLike } from '../../../support/domain.ts';

describe('a machine as it is named', () => {
  it.each([
    ['root@build-1', { login: 'root@build-1' }],
    ['build-1:2222', { login: 'build-1', port: 2222 }],
    ['me@10.0.0.7:22', { login: 'me@10.0.0.7', port: 22 }],
    ['root@[fe80::1%eth0]:22', { login: 'root@fe80::1%eth0', port: 22 }],
  ])('%s is understood', (text, target) => {
    expect(targetOf(text)).toEqual(target);
  });

  it.each(['', '-oProxyCommand=x', '-l@host', 'a b', 'host:0', 'host:65536', 'host;reboot', 'root@'])(
    '"%s" is refused, with the way to say it',
    (text) => {
      expect(() => targetOf(text)).toThrow(/cannot read --ssh .*: say \[RELEASE=\]\[USER@\]HOST\[:PORT\]/);
    },
  );

  it('is shown as it was typed', () => {
    expect(nameOf(targetOf('root@build-1:2222'))).toBe('root@build-1:2222');
  });
});

describe('what a machine says that it is', () => {
  const osOf = (id: string, version: string, more = '') =>
    pairsIn(`machine=x86_64\nos.ID="${id}"\nos.VERSION_ID='${version}'\n${more}`);

  it.each([
    ['debian-13', osOf('debian', '13')],
    ['almalinux-9', osOf('almalinux', '9.4')],
    ['ubuntu-24.04', osOf('ubuntu', '24.04')],
    ['centos-stream-10', osOf('centos', '10')],
    ['amazonlinux-2023', osOf('amzn', '2023')],
    ['debian-sid', osOf('debian', '', 'os.PRETTY_NAME="Debian GNU/Linux forky/sid"')],
    ['opensuse-leap-15.6', osOf('opensuse-leap', '15.6')],
    ['fedora-rawhide', osOf('fedora', '45', 'os.VERSION="45 (Rawhide)"')],
  ] as const)('is %s', (id, said) => {
    expect(notThisRelease(distroLike({ id }), said)).toBeUndefined();
  });

  it.each([
    ['debian-13', osOf('debian', '12')],
    ['debian-13', osOf('ubuntu', '13')],
    ['debian-1', osOf('debian', '13')],
    ['almalinux-9', osOf('almalinux', '90')],
    ['debian-forky', osOf('debian', '13', 'os.VERSION_CODENAME=trixie')],
    ['debian-13', pairsIn('machine=x86_64')],
  ] as const)('is not %s', (id, said) => {
    expect(notThisRelease(distroLike({ id }), said)).toMatch(/it says that it is/);
  });

  it('is not the release on another architecture', () => {
    const arm = distroLike({ id: 'debian-13@arm64', arch: 'arm64' });

    expect(notThisRelease(arm, osOf('debian', '13'))).toMatch(/on x86_64, and not aarch64$/);
    expect(notThisRelease(arm, { ...osOf('debian', '13'), machine: 'aarch64' })).toBeUndefined();
  });
});

describe('the way to a machine', () => {
  const request = { target: targetOf('me@build-1:2222'), sudo: true, control: '/run/s1', token: 'abc.1.' };

  it("leaves host keys to the user's known_hosts, and never takes an unknown one", () => {
    const words = sshArguments({ target: request.target }).join(' ');

    expect(words).toContain('-o StrictHostKeyChecking=yes');
    expect(words).not.toContain('UserKnownHostsFile');
    expect(words).toContain('-p 2222');
  });

  it('runs commands as root, marked, and keeps status 255 for ssh', () => {
    const { command } = wayTo(request);

    expect(command?.("echo 'it'")).toBe(
      `/bin/sh -c 'sudo -n env KATAFARM_CELL=abc.1. /bin/sh -c '\\''echo '\\''\\'\\'''\\''it'\\''\\'\\'''\\'''\\'''; s=$?; [ $s -ne 255 ] || s=254; exit $s`,
    );
  });

  it("has a person's shell marked as well, at home, and keeps status 255 for ssh", () => {
    const { shell = '' } = wayTo({ ...request, sudo: false });
    const typed = 'echo "$KATAFARM_CELL"; cd; pwd; exit 255\n';

    const { stdout, status } = spawnSync('/bin/sh', ['-c', shell], { input: typed, encoding: 'utf8' });

    expect(stdout.split('\n').slice(-3, -1)).toEqual(['abc.1.', process.env['HOME']]);
    expect(status).toBe(254);
    expect(wayTo(request).shell).toContain('exec sudo -n -H env KATAFARM_CELL=abc.1. /bin/sh -c');
  });

  it.each([
    ['Host key verification failed.', /not in your known_hosts.*ssh-keyscan -p 2222 build-1/],
    ['WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!', /not the one in your known_hosts/],
    ['me@build-1: Permission denied (publickey).', /ssh-copy-id/],
    ['Connection refused', /by hand/],
  ])('says what to do about "%s"', (said, advice) => {
    expect(adviceOn(said, request.target)).toMatch(advice);
  });
});

describe("the farm's own scripts", () => {
  it('take no token that a shell or a pattern would read otherwise', () => {
    expect(() => cleaning('a; reboot')).toThrow(TypeError);
    expect(() => guarding('../x')).toThrow(TypeError);
    expect(() => reaping('$(reboot)')).toThrow(TypeError);
  });

  it('name nothing but what is ours', () => {
    for (const script of [cleaning('abc.1.'), guarding('abc'), reaping('abc')]) {
      const removed = [...script.matchAll(/rm -rf (?:--\S+ )?("?\S+?"?)(?=[\s;}]|$)/gm)].map(
        ([, what]) => what,
      );
      expect(removed.length).toBeGreaterThan(0);
      for (const what of removed) {
        expect(what).toMatch(/^(\/var\/tmp\/katafarm|\/run\/katafarm-abc|"\$folder")$/);
      }
    }
  });
});

describe('what a machine is worth', () => {
  const up = { nested: true, nestedMs: 14_000, said: '' };

  it('is kvm on bare metal where a guest came up', () => {
    expect(speedOf({ virtualisation: 'none' }, { ...up, nestedMs: 1500 }, 80)).toMatchObject({
      ...{ class: 'kvm', accelerator: 'kvm', factor: 1 },
      because: 'a guest came up under KVM in 1500 ms, on bare metal',
    });
  });

  it.each([
    ['kvm', 'kvm-nested', 'kvm'],
    ['qemu', 'tcg+svm', 'tcg'],
  ] as const)('of a machine by %s is %s', (virtualisation, speed, accelerator) => {
    expect(speedOf({ virtualisation }, up, 80)).toMatchObject({ class: speed, accelerator, factor: 7 });
  });

  it('is none where no guest came up, and its limits go by how fast it counts', () => {
    expect(speedOf({ virtualisation: 'kvm' }, { nested: false, said: 'no KVM module loads' }, 350)).toEqual({
      ...{ class: 'none', accelerator: 'kvm', factor: 3.5 },
      because: 'no guest came up under KVM in a machine by kvm: no KVM module loads',
    });
  });
});

describe("a machine's kernel log", () => {
  it('is judged as a console is', () => {
    const { fatal, farm } = judgeLog(
      '[ 12.1] Kernel panic - not syncing: Oops\n[ 13.0] Out of memory: Killed process 7 (qemu)\n',
    );

    expect([fatal.length, farm.length]).toEqual([1, 1]);
  });

  it('says nothing where it is empty', () => {
    expect(judgeLog('')).toEqual({ fatal: [], farm: [] });
  });
});
