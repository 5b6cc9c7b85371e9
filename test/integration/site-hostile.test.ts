import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { siteOf } from '../../src/report/site/site.ts';
import { browserPath, launch, troublesOf, write } from '../support/browser.ts';
import { hostileSite } from '../support/hostile.ts';
import { catalogue, greatNight, siteLike } from '../support/site.ts';

const places = [
  ...[
    'index.html',
    'index.html#story=evil-1/qemu',
    'index.html#q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E',
  ],
  ...[
    'index.html#story=%3Cimg%20src=x%20onerror=alert(1)%3E/qemu',
    'distros/evil-1.html',
    'distros/evil-2.html',
  ],
  ...['stacks/qemu.html', 'runs/index.html', 'runs/night-1.html', 'trends.html'],
];

describe.skipIf(browserPath === undefined)('a page of hostile texts', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'katafarm-hostile-'));
    await write(folder, siteOf(hostileSite()));
    await write(join(folder, 'great'), siteOf(siteLike([greatNight(catalogue.slice(0, 25), 6, 30)])));
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(places)('runs nothing of theirs, and no element is theirs: %s', async (place) => {
    const page = await browser.newPage();
    try {
      const troubles = troublesOf(page);
      await page.goto(`${pathToFileURL(folder)}/site/${place}`);
      if (place.includes('evil-1/qemu')) {
        await page.locator('#story[open] .finding').waitFor();
      }
      for (const one of await page
        .locator('body *')
        .all()
        .then((all) => all.slice(0, 40))) {
        await one.dispatchEvent('mouseover').catch(() => undefined);
      }

      expect(troubles).toEqual([]);
      expect(
        await page
          .locator('img, iframe, base, object, embed, svg[onload], [onerror], [onmouseover], [onfocus]')
          .count(),
      ).toBe(0);
      expect(await page.locator('script:not([src])').count()).toBe(0);
      expect(await page.locator('a[href^="javascript"], pre a, .why a, code a').count()).toBe(0);
      const text = String(await page.evaluate('document.body.innerText'));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/);
      expect(text.length).toBeLessThan(300_000);
    } finally {
      await page.close();
    }
  });

  it('shows what they are, as signs', async () => {
    const page = await browser.newPage();
    try {
      await page.goto(`${pathToFileURL(folder)}/site/distros/evil-1.html`);
      const text = String(await page.evaluate('document.querySelector("main").innerText'));

      expect(text).toContain('<script>alert("script")</script>');
      expect(text).toContain('⟨U+202E⟩gnp.exe');
      expect(text).toContain('␛]0;owned␇');
      expect(text).toContain('(cut: 1,000,000 characters)');
    } finally {
      await page.close();
    }
  });

  it('is usable at once with 25 releases, 6 stacks and 30 scenarios', async () => {
    const page = await browser.newPage();
    try {
      await page.goto(`${pathToFileURL(folder)}/great/site/index.html`);
      // What the page itself took to be there and to answer, less what the host does beside it: the best of a few.
      const spans: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        await page.reload();
        spans.push(await page.evaluate('performance.getEntriesByType("navigation")[0].domComplete'));
      }
      expect(await page.locator('#tested tbody tr').count()).toBe(25);
      expect(Math.min(...spans)).toBeLessThan(1000);
    } finally {
      await page.close();
    }
  });
});
