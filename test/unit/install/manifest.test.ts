import { describe, expect, it } from 'vitest';
import {
  digestOf,
  type Manifest,
  manifestText,
  readManifest,
  type TreeEntry,
} from '../../../src/install/kata/manifest.ts';

const file = { kind: 'file', mode: 0o755, bytes: 5, sha256: 'a'.repeat(64) } as const;
const all: Manifest = new Map<string, TreeEntry>([
  ['opt/kata/b', file],
  ['opt/kata/a name', { kind: 'link', target: 'b c' }],
]);

describe('a manifest', () => {
  it('is read as it was written', () => {
    expect(readManifest(manifestText(all))).toEqual(new Map([...all].reverse()));
  });

  it('has a digest that does not depend on its order', () => {
    expect(digestOf(new Map([...all].reverse()))).toBe(digestOf(all));
  });

  it.each([
    ['a path', new Map([...all, ['opt/kata/c', file]])],
    ['a mode', new Map([...all, ['opt/kata/b', { ...file, mode: 0o644 }]])],
    ['a content', new Map([...all, ['opt/kata/b', { ...file, sha256: 'b'.repeat(64) }]])],
    ['a target', new Map([...all, ['opt/kata/a name', { kind: 'link', target: 'b' }]])],
  ] as const)('has another digest with another %s', (_, other) => {
    expect(digestOf(other as Manifest)).not.toBe(digestOf(all));
  });

  it('is none where a line was cut short', () => {
    expect(readManifest(`${manifestText(all)}755 5 aa\n`)).toBeUndefined();
  });
});
