import { describe, expect, it } from 'vitest';
import { escaped } from '../../../src/report/markdown-text.ts';

describe('text in Markdown', () => {
  it.each([
    // GitHub looks for names and numbers in what was rendered: an entity or a backslash alone hides nothing.
    ['calls nobody', 'ask @octocat, @a/team', 'ask &#64;&#8203;octocat, &#64;&#8203;a/team'],
    [
      'refers to no issue',
      'fixes #12 and o/r#7 or GH-3',
      'fixes \\#&#8203;12 and o/r\\#&#8203;7 or GH&#8203;-3',
    ],
    ['names a cell as it is', 'debian-13@arm64/qemu/kata.uname', 'debian-13&#64;arm64/qemu/kata.uname'],
    ['ends no cell of a table', 'a | b `c` <d>', 'a &#124; b \\`c\\` &lt;d&gt;'],
    [
      'leads nowhere',
      'https://evil.example and www.evil.example',
      'https&#58;//evil.example and www&#8203;.evil.example',
    ],
  ])('%s', (_, text, markdown) => {
    expect(escaped(text)).toBe(markdown);
  });
});
