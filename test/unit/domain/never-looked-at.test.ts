import { expect, it } from 'vitest';
import { matrixOf } from '../../../src/domain/matrix.ts';
import { failedTwice, passed, runLike } from './run-like.ts';

const notPackaged = 'not packaged by this distro: no such package in main';
const red = { 'debian-12/qemu/vmm.virtiofsd.start': failedTwice };
const beside = { 'debian-13/qemu/vmm.virtiofsd.start': passed };

function wordsOf(
  cells: Parameters<typeof runLike>[0]['cells'],
  skipped: Readonly<Record<string, string>> = {},
) {
  const { releases } = matrixOf([runLike({ cells: { ...beside, ...cells }, skipped })], {
    today: '2026-11-22',
  });
  const { stacks = [] } = releases.find(({ distro }) => distro.id === 'debian-12') ?? {};
  return Object.fromEntries(stacks.map(({ stack, word, reason }) => [stack, `${word}: ${reason}`]));
}

it('of a VMM of which nothing was run, a red of another one says nothing', () => {
  const words = wordsOf(red);

  expect(words['qemu']).toMatch(/^broken: /);
  expect(words['qemu+distro-kernel']).toMatch(/^broken: /);
  expect(words['clh']).toMatch(/^unknown: vmm\.clh\.\w+ was never run/);
  expect(words['clh+distro-kernel']).toMatch(/^unknown: /);
});

it('what both rest on breaks both once each was looked at', () => {
  expect(wordsOf({ ...red, 'debian-12/clh/vmm.clh.probe': passed })['clh']).toMatch(/^broken: /);
});

it('one that was skipped as not packaged is just that', () => {
  expect(wordsOf(red, { 'debian-12/clh/vmm.clh.probe': notPackaged })['clh']).toMatch(/^not-packaged: /);
});

it('a red of the release itself is one of every VMM', () => {
  const words = wordsOf({
    'debian-12/host/host.kvm': failedTwice,
    'debian-13/host/host.kvm': passed,
  });

  expect(words['clh']).toMatch(/^broken: /);
});
