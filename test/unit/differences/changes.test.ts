import { describe, expect, it } from 'vitest';
import { changesOf } from '../../../src/domain/changes.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import { replay } from '../../../src/domain/run.ts';
import { changeSections } from '../../../src/report/change-words.ts';
import { entriesLike, passed } from '../domain/run-like.ts';

const cell = 'debian-13/qemu/vmm.qemu.boot';
const batch = 'debian-13/qemu:built';

/** A run with these facts of its batch and cell. */
function runWith(
  facts: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>> = {},
  story: { readonly host?: Readonly<Record<string, string>>; readonly speed?: string } = {},
) {
  const told = (subject: typeof cell | typeof batch, all: Readonly<Record<string, string>>) =>
    Object.entries(all).map(
      ([key, value]): Entry => ({ at: '2026-11-22T08:00:00.000Z', type: 'fact', subject, key, value }),
    );
  return replay([
    ...entriesLike({ cells: { [cell]: passed }, ...story }),
    ...told(batch, facts),
    ...told(cell, own),
  ]);
}

describe('what changed between two runs', () => {
  it('is told by host, machines, packages and the binaries that ran, and no more', () => {
    const base = runWith(
      {
        'image.digest': 'a'.repeat(64),
        'package.qemu-system-x86': '1:10.0.2',
        'deviation.1': 'no GUI',
        'deviation.2': 'old',
      },
      { 'qemu.version': '10.0.2', 'boot.ms': '9000' },
      { host: { kernel: '6.1', cpu: 'EPYC' }, speed: 'kvm' },
    );
    const run = runWith(
      {
        'image.digest': 'b'.repeat(64),
        'package.qemu-system-x86': '1:10.0.3',
        'deviation.1': 'new',
        'deviation.2': 'no GUI',
      },
      { 'qemu.version': '10.0.3', 'boot.ms': '8000' },
      { host: { kernel: '6.12', cpu: 'EPYC' }, speed: 'tcg+svm' },
    );

    expect(changeSections(changesOf(base, run))).toEqual([
      { title: 'The host', lines: ['kernel 6.1 → 6.12'] },
      {
        title: 'debian-13: machines',
        lines: [
          'new departure: new',
          'no more departure: old',
          'image.digest aaaaaaaaaaaa → bbbbbbbbbbbb',
          'speed kvm → tcg+svm',
          'qemu.version 10.0.2 → 10.0.3',
        ],
      },
      { title: 'debian-13: packages', lines: ['qemu-system-x86 1:10.0.2 → 1:10.0.3'] },
    ]);
  });

  it('knows every package where both runs wrote them down', () => {
    const run = runWith({ 'package.qemu-system-x86': '1:10.0.2' });
    const installed = {
      base: new Map([['debian-13', { libc6: '2.41-1', gone: '1' }]] as const),
      run: new Map([['debian-13', { libc6: '2.41-2', new: '2' }]] as const),
    };

    expect(changeSections(changesOf(run, run, installed))).toEqual([
      {
        title: 'debian-13: packages',
        lines: ['gone 1 → nothing', 'libc6 2.41-1 → 2.41-2', 'new nothing → 2'],
      },
    ]);
  });

  it('names the scenarios and releases that were edited, of those that were run', () => {
    const run = runWith({});
    const inputs = { 'debian-13': 'a', 'vmm.qemu.boot': 'a', 'vmm.qemu.probe': 'a', 'debian-12': 'a' };
    const edited = { ...inputs, 'vmm.qemu.boot': 'b', 'vmm.qemu.probe': 'b', 'debian-12': 'b' };

    expect(changeSections(changesOf({ ...run, inputs }, { ...run, inputs: edited }))).toEqual([
      { title: 'Releases and scenarios as they were read', lines: ['edited: vmm.qemu.boot'] },
    ]);
  });

  it('is nothing between a run and itself', () => {
    const run = runWith({ 'image.digest': 'a' });

    expect(changesOf(run, run)).toEqual([]);
  });
});
