import { describe, expect, it } from 'vitest';
import {
  followed,
  isKatas,
  leadsToKata,
  pathOf,
  shown,
  targetOf,
} from '../../../src/install/kata/tree-paths.ts';

const refuse = (reason: string): never => {
  throw new Error(reason);
};

describe('a name in an archive', () => {
  it.each([
    ['./opt/kata/VERSION', 'opt/kata/VERSION'],
    ['opt//kata/./bin/', 'opt/kata/bin'],
    ['./', ''],
    ['opt/kata/a…b', 'opt/kata/a…b'],
    ['opt/kata/..data', 'opt/kata/..data'],
  ])('%j stands for the path %j', (name, path) => {
    expect(pathOf(name, refuse)).toBe(path);
  });

  it.each(['/etc/passwd', '..', 'opt/../../x', 'opt/kata/..', 'a\u0000b', 'a\u007fb', 'a\u009bb', 'a\ufffd'])(
    '%j is refused',
    (name) => {
      expect(() => pathOf(name, refuse)).toThrow();
    },
  );

  it('is shown so that a terminal is not led astray', () => {
    expect(shown('a\u001b[2Jb\u202ec')).toBe('"a\\u001b[2Jb\\u202ec"');
    expect(shown('n'.repeat(500)).length).toBeLessThan(130);
  });

  it('is Kata’s below opt/kata alone', () => {
    expect(['opt/kata', 'opt/kata/x', 'opt/katana', 'opt', 'etc'].map(isKatas)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(['', 'opt', 'opt/kata', 'op', 'etc'].map(leadsToKata)).toEqual([true, true, true, false, false]);
  });
});

describe('a link', () => {
  it.each([
    ['opt/kata/a/l', '/opt/kata/b/f', '../b/f'],
    ['opt/kata/l', '/opt/kata', '.'],
    ['opt/kata/l', 'f', 'f'],
  ])('from %s to %s is written as %s', (path, target, written) => {
    expect(targetOf(path, target, refuse)).toBe(written);
  });

  it.each(['/etc/passwd', '/opt/kata/../../etc', '/opt/katana', '', 'a\nb'])('to %j is refused', (target) => {
    expect(() => targetOf('opt/kata/l', target, refuse)).toThrow();
  });

  it.each([
    [{ 'opt/kata/l': 'share/f' }, 'opt/kata/share/f'],
    [{ 'opt/kata/l': '../kata/f' }, 'opt/kata/f'],
    [{ 'opt/kata/l': 'd/f', 'opt/kata/d': 'share/deep' }, 'opt/kata/share/deep/f'],
    [{ 'opt/kata/l': '../../etc/passwd' }, undefined],
    [{ 'opt/kata/l': '../../../opt/kata/f' }, undefined],
    [{ 'opt/kata/l': 'd/../../../x', 'opt/kata/d': '.' }, undefined],
    [{ 'opt/kata/l': 'l' }, undefined],
  ])('leads where %j says: %s', (links: Readonly<Record<string, string>>, place) => {
    expect(followed('opt/kata/l', (path) => links[path])).toBe(place);
  });
});
