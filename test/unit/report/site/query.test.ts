import { describe, expect, it } from 'vitest';
import { matchesOf } from '../../../../src/report/site/page/match.js';
import {
  nearest,
  parseQuery,
  termText,
  valueOfKey,
  withTerm,
} from '../../../../src/report/site/page/query.js';

const cell = { text: '', vmm: 'qemu', kernel: 'kata', support: ['capable'], is: ['emulated'], blame: '' };
const row = {
  text: 'debian-13 debian 13 (trixie) kernel 6.12.117',
  family: 'debian',
  arch: 'amd64',
  provider: ['qemu:built'],
  is: ['tested'],
  kernel: '6.12.117',
  kata: 'not-packaged',
  cells: [
    cell,
    { ...cell, kernel: 'own', support: ['broken'], is: ['new-failure', 'flaky'], blame: 'distro-kernel' },
    { ...cell, vmm: 'cloud-hypervisor', support: ['not-packaged'], is: [] },
  ],
};
const untested = {
  ...row,
  is: ['untested', 'rolling'],
  provider: [],
  kernel: '',
  kata: 'packaged',
  cells: [],
};
const meant = (text: string, of = row) => matchesOf(of, parseQuery(text).terms);

describe('the query language', () => {
  it.each([
    ['', []],
    ['   ', []],
    ['trixie', []],
    ['Trixie DEBIAN', []],
    ['"13 (trixie)"', []],
    ['bookworm', undefined],
    ['-bookworm', []],
    ['-trixie', undefined],
    ['family:debian', []],
    ['family:fedora,debian', []],
    ['family:fedora', undefined],
    ['arch:x86_64', []],
    ['arch:arm64', undefined],
    ['provider:qemu', []],
    ['provider:qemu:built', []],
    ['variant:qemu', []],
    ['provider:docker', undefined],
    ['is:tested', []],
    ['is:untested', undefined],
    ['is:eol', undefined],
    ['-is:eol', []],
    ['is:new-failure', [1]],
    ['is:flaky', [1]],
    ['is:emulated', [0]],
    ['only-here', undefined],
    ['support:broken', [1]],
    ['support:broken,capable', [0, 1]],
    ['support:works', undefined],
    ['support:supported', undefined],
    ['-support:broken', undefined],
    ['-support:degraded', []],
    ['vmm:qemu', [0, 1]],
    ['vmm:clh', [2]],
    ['kernel:own', [1]],
    ['kernel:distro', [1]],
    ['kernel:6.12', [0, 1, 2]],
    ['kernel:5.10', undefined],
    ['kernel:6', [0, 1, 2]],
    ['kernel:6.12.117', [0, 1, 2]],
    // It is 6.12, and no 6.1.
    ['kernel:6.1', undefined],
    ['blame:kernel', [1]],
    ['blame:distro-kernel', [1]],
    ['blame:virtiofsd', undefined],
    ['kata:not-packaged', []],
  ])('takes %j to mean %j of a row', (text, cells) => {
    expect(meant(text)).toEqual(cells);
  });

  it('asks everything about stacks of one and the same', () => {
    expect(meant('vmm:qemu support:broken')).toEqual([1]);
    expect(meant('vmm:clh support:broken')).toBeUndefined();
    expect(meant('vmm:qemu -support:broken')).toEqual([0]);
  });

  it('takes either of what is said of releases and of stacks', () => {
    expect(meant('is:rolling,flaky')).toEqual([1]);
    expect(meant('is:tested,only-here')).toEqual([]);
    expect(meant('is:untested,only-here')).toBeUndefined();
    expect(meant('-is:rolling,flaky')).toBeUndefined();
    expect(meant('-is:rolling,only-here')).toEqual([]);
    expect(meant('-is:tested,only-here')).toBeUndefined();
    expect(meant('is:untested,flaky', untested)).toEqual([]);
    expect(meant('is:tested,flaky', untested)).toBeUndefined();
  });

  it('means a release that nobody ran by what is said of it alone', () => {
    expect(meant('is:untested kata:packaged', untested)).toEqual([]);
    expect(meant('is:rolling', untested)).toEqual([]);
    expect(meant('support:broken', untested)).toBeUndefined();
    expect(meant('-support:broken', untested)).toEqual([]);
  });

  it.each([
    ['is:flakey', 'did you mean is:flaky?'],
    ['suport:broken', 'did you mean support:?'],
    ['colour:red', 'keys are is, support, vmm'],
    ['support:', 'support: what? works, capable'],
    ['vmm:xen', 'it takes qemu, cloud-hypervisor, firecracker'],
    ['blame:kernl', 'did you mean blame:kernel?'],
    ['"open', 'a quotation mark is not closed'],
    ['constructor:x', 'there is no key "constructor"'],
    ['is:__proto__', 'is: knows no "__proto__"'],
  ])('says what is wrong with %j, and leaves it out', (text, hint) => {
    const { terms, troubles } = parseQuery(`trixie ${text}`);

    expect(terms).toEqual([{ values: ['trixie'], not: false }]);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]?.hint).toContain(hint);
  });

  it('reads each term back as the same', () => {
    for (const text of [
      '-is:flaky',
      'support:broken,capable',
      '"a b"',
      '"is:flaky"',
      'kernel:6.12',
      '-"x y"',
    ]) {
      const { terms } = parseQuery(text);
      expect(terms.map(termText).map((one) => parseQuery(one).terms)).toEqual([terms]);
    }
  });

  it('stays quick, whatever is typed', () => {
    const began = performance.now();
    for (const text of [
      '"'.repeat(1e6),
      'a:'.repeat(5e5),
      `${'x'.repeat(1e6)}:`,
      '-'.repeat(1e6),
      ' '.repeat(1e6),
    ]) {
      parseQuery(text);
    }
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('a filter beside the search', () => {
  it('sets its own key, and leaves the rest as it was typed', () => {
    expect(withTerm('trixie  vmm:qemu -is:eol', 'vmm', 'firecracker')).toBe('trixie -is:eol vmm:firecracker');
    expect(withTerm('"a b" word:broken', 'support', '')).toBe('"a b"');
  });

  it('shows what a search has set, where that is one value', () => {
    expect(valueOfKey('variant:docker', 'provider')).toBe('docker');
    expect(valueOfKey('support:a,b -vmm:qemu', 'vmm')).toBe('');
  });
});

describe('the nearest word', () => {
  it.each([
    ['flakey', 'flaky'],
    ['new', 'new-failure'],
    ['zzz', undefined],
  ])('to %j is %j', (word, near) => {
    expect(nearest(word, ['flaky', 'new-failure', 'eol'])).toBe(near);
  });
});
