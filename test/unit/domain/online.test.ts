import { describe, expect, it } from 'vitest';
import { judgeOnline, namesByPart, namesOf } from '../../../src/domain/online.ts';
import { distroLike, read } from '../../support/domain.ts';

const needed = { kata: '4.1.0', rust: '1.95', go: '1.26.7' };
const index = {
  'linux-image-amd64': ['6.12.9-1', '6.12.117-1'],
  'qemu-system-x86': ['1:10.0'],
  virtiofsd: ['1.13'],
  containerd: ['1.7.24'],
  runc: ['1.1'],
  'docker.io': ['26'],
};
const other = distroLike({
  id: 'other-1',
  parts: { kata: { package: 'kata-containers', path: '/usr/bin/kata-runtime', ...read } },
});

const judged = (
  change: Parameters<typeof distroLike>[0] = {},
  more: Readonly<Record<string, readonly string[]>> = {},
) => {
  const distro = distroLike(change);
  const names = namesByPart([distro, other]);
  const remarks = judgeOnline(distro, new Map(Object.entries({ ...index, ...more })), names, needed);
  return (about: string) => remarks.find((one) => one.about === about);
};

describe('a release against its own index', () => {
  it('is right where all its packages are there, in the newest version', () => {
    expect(judged()('kernel')).toMatchObject({ kind: 'right', text: 'linux-image-amd64 6.12.117-1' });
    expect(judged()('kata')).toMatchObject({ kind: 'right', text: 'not packaged' });
  });

  it('is wrong where a package is not there', () => {
    const of = judged({ parts: { runc: { package: 'runC', path: '/usr/bin/runc', ...read } } });

    expect(of('runc')).toMatchObject({ kind: 'wrong', text: 'its index has no package runC' });
  });

  it('is news where something is packaged by now, by any name that a release calls it', () => {
    expect(judged({}, { 'kata-containers': ['3.2'] })('kata')).toMatchObject({ kind: 'news' });
    expect(judged({}, { 'cloud-hypervisor': ['53.0'] })('cloud-hypervisor')).toMatchObject({ kind: 'news' });
  });

  it('leaves what nobody knows unknown, where no such package is there', () => {
    const unknown = { parts: { firecracker: { unknown: 'not looked up', ...read } } };

    expect(judged(unknown)('firecracker')).toMatchObject({ kind: 'unsure' });
    expect(judged(unknown, { firecracker: ['1.12'] })('firecracker')).toMatchObject({ kind: 'news' });
  });

  it.each([
    ['1.85.1+dfsg1-1', "can't build Kata 4.1.0"],
    ['1.97.1', 'can build Kata 4.1.0'],
    ['2:1.95.0', 'can build Kata 4.1.0'],
  ])('says of rustc %s that it %s', (version, words) => {
    const of = judged({ toolchain: { rust: 'rustc' } }, { rustc: [version] });

    expect(of('rust')?.text).toContain(words);
  });

  it('says of every package of a compiler whether it is new enough, and is wrong where one is not there', () => {
    const both = { toolchain: { rust: 'rustc', alternatives: { rust: ['rustc-web'] } } };
    const had = { rustc: ['1.85.1'], 'rustc-web': ['1.96.0+dfsg1-1~deb13u1'] };

    expect(judged(both, had)('rust')).toMatchObject({
      kind: 'right',
      text: "rustc 1.85.1: can't build Kata 4.1.0, which takes rust 1.95 or newer; rustc-web 1.96.0+dfsg1-1~deb13u1: can",
    });
    expect(judged(both, { rustc: ['1.85.1'] })('rust')).toMatchObject({
      kind: 'wrong',
      text: 'its index has no package rustc-web',
    });
  });

  it('asks for what it packages, and for what it lacks by every name', () => {
    const distro = distroLike({ toolchain: { go: 'golang-go', alternatives: { go: ['golang-1.26'] } } });
    const names = namesOf(distro, namesByPart([distro, other]));

    expect([...names]).toEqual(
      expect.arrayContaining(['qemu-system-x86', 'kata-containers', 'golang-go', 'golang-1.26']),
    );
  });
});
