import { describe, expect, it } from 'vitest';
import { html, pathData } from '../../../../src/report/site/html.ts';
import { linked, linkTo, pathTo, webAddress } from '../../../../src/report/site/links.ts';
import { visible } from '../../../../src/report/site/visible.ts';

describe('a page of texts', () => {
  it('has every text as that text, in attributes as well', () => {
    const hostile = `<script>alert(1)</script>"'&`;

    expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
      '<p title="&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;">&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;</p>',
    );
  });

  it('keeps what it made itself, lists included, and shows nothing for nothing', () => {
    expect(
      html`<ul>${['a', 'b'].map((one) => html`<li>${one}</li>`)}</ul>${undefined}${false}${0}`.text,
    ).toBe('<ul><li>a</li><li>b</li></ul>0');
  });

  it('draws lines of any length, and nothing else', () => {
    const line = 'M0 1.5L2,-3'.repeat(10_000);

    expect(html`<path d="${pathData(line)}"/>`.text).toBe(`<path d="${line}"/>`);
    expect(() => pathData('M0"><script>')).toThrow('no line is drawn by M0"><script>');
  });

  it('takes nobody for markup who only looks like it', () => {
    const fake = JSON.parse('{"text":"<b>","toString":"x"}');
    expect(() => html`${[fake] as never}`.text.includes('<b>')).toThrow(TypeError);
  });
});

describe('what a terminal or a browser would obey', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
    ['\u001b]0;title\u0007', '␛]0;title␇'],
    ['a\u202eb', 'a⟨U+202E⟩b'],
    ['a\u2066b\u2069', 'a⟨U+2066⟩b⟨U+2069⟩'],
    ['a\u200eb\ufeffc', 'a⟨U+200E⟩b⟨U+FEFF⟩c'],
    ['\u009b31m', '⟨U+009B⟩31m'],
    ['a\u0000b\u007f\r', 'a␀b␡␍'],
    ['\ud800', '⟨U+D800⟩'],
    ['line\n\ttab', 'line\n\ttab'],
    ['Grüße, 世界 🐧', 'Grüße, 世界 🐧'],
  ])('stands there as a sign of itself: %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('is cut where it is long, and says so', () => {
    const shown = visible('x'.repeat(1_000_000), 100);

    expect(shown).toBe(`${'x'.repeat(100)} … (cut: 1,000,000 characters)`);
  });
});

describe('a link', () => {
  it.each([
    ['https://bugs.debian.org/qemu', true],
    ['http://example.org/a?b=c#d', true],
    ['javascript:alert(1)', false],
    ['javascript://x%0aalert(1)', false],
    ['file:///etc/passwd', false],
    ['JavaScript:alert(1)', false],
    ['data:text/html,x', false],
    ['//evil.example', false],
    [' https://a b', false],
    ['https://a"onclick="x', false],
  ])('leads to %j: %j', (url, leads) => {
    expect(webAddress(url) !== undefined).toBe(leads);
    expect(linkTo(url, 'there').text.startsWith('<a ')).toBe(leads);
  });

  it('is made of a text of the catalogue where that has an address of the web', () => {
    expect(linked('see https://www.debian.org/releases/trixie/, <b>').text).toBe(
      'see <a href="https://www.debian.org/releases/trixie/" rel="noopener">https://www.debian.org/releases/trixie/</a>, &lt;b&gt;',
    );
  });

  it('to a file of the site names it as an address does', () => {
    expect(pathTo(1, 'stacks/qemu+distro-kernel.html')).toBe('../stacks/qemu%2Bdistro-kernel.html');
    expect(pathTo(0, 'distros/debian-13@arm64.html')).toBe('distros/debian-13@arm64.html');
  });
});
