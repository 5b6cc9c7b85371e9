import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { siteOf } from '../../src/report/site/site.ts';
import { browserPath, faultsOf, launch, noBrowser, served, troublesOf, write } from '../support/browser.ts';
import { siteLike, threeNights } from '../support/site.ts';

const site = siteOf(siteLike(threeNights()));
const borderOf = (element: unknown) =>
  (globalThis as unknown as { getComputedStyle(of: unknown): { borderTopStyle: string } }).getComputedStyle(
    element,
  ).borderTopStyle;
const desk = { width: 1360, height: 900 };
const phone = { width: 390, height: 844 };

if (browserPath === undefined) {
  process.stderr.write(`the published page is not tested: ${noBrowser}\n`);
}

describe.skipIf(browserPath === undefined)(`the published page, in a browser`, () => {
  let browser: Browser;
  let folder: string;
  let server: Awaited<ReturnType<typeof served>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'katafarm-site-'));
    await write(folder, site);
    [browser, server] = await Promise.all([launch(), served(folder)]);
  });

  afterAll(async () => {
    await browser?.close();
    server?.server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Does something on a page, which is to give no trouble. */
  async function on(
    address: string,
    deed: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<void> {
    const context = await browser.newContext({ viewport: desk, ...options });
    try {
      const page = await context.newPage();
      const troubles = troublesOf(page);
      await page.goto(address);
      await deed(page);
      expect(troubles).toEqual([]);
    } finally {
      await context.close();
    }
  }

  const fromFile = (path: string) => `${pathToFileURL(folder)}/site/${path}`;
  const fromServer = (path: string) => `${server.url}site/${path}`;
  const shown = (page: Page) => page.locator('#tested tbody tr:visible th a').allTextContents();
  /** Waits for something to be so. Not by the page itself, whose policy lets nobody evaluate texts. */
  const until = (page: Page, what: string) =>
    expect.poll(() => page.evaluate(`Boolean(${what})`), { timeout: 20_000 }).toBe(true);
  const story = (page: Page) => page.locator('#story[open]');

  describe.each([
    ['from a disk', fromFile],
    ['from a server', fromServer],
  ])('%s', (_, at) => {
    it('searches, says how many are left, and knows the search by its address', async () => {
      await on(at('index.html'), async (page) => {
        expect(await shown(page)).toHaveLength(4);
        await page.fill('#q', 'support:broken -is:eol');
        await until(page, 'location.hash.includes("broken")');

        expect(await shown(page)).toEqual(['Debian 12 (bookworm)']);
        expect(await page.textContent('#q-count')).toContain('1 of 4 tested releases');
        expect(await page.locator('.cell.meant').count()).toBe(2);
        await page.reload();
        expect(await shown(page)).toEqual(['Debian 12 (bookworm)']);
        expect(await page.inputValue('#q')).toBe('support:broken -is:eol');
      });
    });

    it('opens a story, and goes back and forward', async () => {
      await on(at('index.html'), async (page) => {
        await page.fill('#q', 'bookworm');
        await until(page, 'location.hash.includes("bookworm")');
        await page.click('[data-story="debian-12/qemu"]');
        await story(page).waitFor();

        expect(await story(page).textContent()).toContain(
          './katafarm run debian-12 --stack qemu --scenario vmm.qemu.boot',
        );
        expect(page.url()).toContain('story=debian-12/qemu');
        await page.goBack();
        await story(page).waitFor({ state: 'detached' });
        await until(page, '!location.hash.includes("story=")');
        expect(await shown(page)).toEqual(['Debian 12 (bookworm)']);
        await page.goBack();
        await until(page, 'location.hash === ""');
        expect(await shown(page)).toHaveLength(4);
        await page.goForward();
        await until(page, 'document.querySelectorAll("#tested tbody tr:not([hidden])").length === 1');
        await page.goForward();
        await story(page).waitFor();
        await page.keyboard.press('Escape');
        await story(page).waitFor({ state: 'detached' });
        await until(page, '!location.hash.includes("story=")');
        expect(await shown(page)).toEqual(['Debian 12 (bookworm)']);
      });
    });

    it('takes a deep link, by # and by ?', async () => {
      await on(at('index.html#q=trixie&story=debian-13/qemu+distro-kernel'), async (page) => {
        await story(page).waitFor();
        expect(await page.textContent('#story-title')).toContain('own kernel as guest');
        expect(await shown(page)).toEqual(['Debian 13 (trixie)']);
      });
      await on(at('index.html?q=is:flaky'), async (page) => {
        expect(await shown(page)).toEqual(['Debian testing (forky)']);
      });
      await on(at('index.html#story=debian-99/qemu'), async (page) => {
        expect(await story(page).count()).toBe(0);
      });
    });
  });

  it('filters by lists that are the same as the search', async () => {
    await on(fromFile('index.html'), async (page) => {
      await page.selectOption('[data-key=vmm]', 'qemu');
      await page.selectOption('[data-key=support]', 'broken');
      expect(await page.inputValue('#q')).toBe('vmm:qemu support:broken');
      expect(await shown(page)).toEqual(['Debian 12 (bookworm)', 'Debian 11 (bullseye)']);
      await page.selectOption('[data-key=support]', '');
      expect(await page.inputValue('#q')).toBe('vmm:qemu');
      await page.fill('#q', 'arch:arm64 is:untested');
      await until(page, 'location.hash.includes("arm64")');

      expect(await page.inputValue('[data-key=arch]')).toBe('arm64');
      expect(await page.locator('#catalogue tbody tr:visible').count()).toBeGreaterThan(20);
      expect(await page.locator('#nothing').isVisible()).toBe(true);
    });
  });

  it('says a wrong word with what to write, and goes on without it', async () => {
    await on(fromFile('index.html'), async (page) => {
      await page.fill('#q', 'trixie is:flakey');
      await until(page, 'document.getElementById("q-says").textContent !== ""');

      expect(await page.textContent('#q-says')).toBe(
        '“is:flakey” was left out: is: knows no "flakey"; did you mean is:flaky?.',
      );
      expect(await shown(page)).toEqual(['Debian 13 (trixie)']);
      await page.fill('#q', '');
      await until(page, 'document.getElementById("q-says").textContent === ""');
    });
  });

  it('is worked by keys alone', async () => {
    await on(fromFile('index.html'), async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
      await page.keyboard.press('/');
      expect(await page.evaluate('document.activeElement.id')).toBe('q');
      await page.keyboard.type('debian-1');
      await page.focus('[data-story="debian-12/qemu"]');
      await page.keyboard.press('ArrowRight');
      expect(await page.evaluate('document.activeElement.dataset.story')).toBe('debian-12/clh');
      await page.keyboard.press('ArrowDown');
      expect(await page.evaluate('document.activeElement.dataset.story')).toBe('debian-13/clh');
      await page.keyboard.press('Enter');
      await story(page).waitFor();
      expect(await page.evaluate('document.activeElement.closest("dialog") !== null')).toBe(true);
      await page.keyboard.press('Escape');
      await story(page).waitFor({ state: 'detached' });
      expect(await page.evaluate('document.activeElement.dataset.story')).toBe('debian-13/clh');
    });
  });

  it('is read without a script: everything is there, and words lead to the pages of releases', async () => {
    await on(
      fromFile('index.html'),
      async (page) => {
        expect(await shown(page)).toHaveLength(4);
        expect(await page.locator('.tools').isVisible()).toBe(false);
        await page.click('#untested summary');
        expect(await page.locator('#catalogue tbody tr:visible').count()).toBeGreaterThan(60);
        await page.click('[data-story="debian-12/qemu"]');
        await page.waitForURL(fromFile('distros/debian-12.html#qemu'));
        expect(await page.locator('#qemu').textContent()).toContain('Last worked');
      },
      { javaScriptEnabled: false },
    );
  });

  it('is light or dark as the system is, until somebody chooses', async () => {
    const paper = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await on(
      fromServer('index.html'),
      async (page) => {
        expect(await paper(page)).toBe('rgb(20, 23, 26)');
        await page.click('[data-theme-toggle]');
        expect(await paper(page)).toBe('rgb(255, 255, 255)');
        await page.goto(fromServer('trends.html'));
        expect(await paper(page)).toBe('rgb(255, 255, 255)');
        expect(await page.getAttribute('[data-theme-toggle]', 'aria-pressed')).toBe('false');
      },
      { colorScheme: 'dark' },
    );
  });

  it('is printed whole, without what only a screen has', async () => {
    await on(fromFile('distros/debian-13.html'), async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });

      expect(await page.locator('.theme').isVisible()).toBe(false);
      expect(await page.locator('[data-copy]').first().isVisible()).toBe(false);
      expect(await page.locator('.versions dd').first().isVisible()).toBe(true);
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
        'rgb(255, 255, 255)',
      );
    });
  });

  it('lets verdicts fade by the day that it is read on', async () => {
    await on(fromFile('index.html'), async (page) => {
      await page.clock.setFixedTime('2027-01-20T12:00:00Z');
      await page.reload();

      expect(await page.textContent('#as-of')).toMatch(
        /It was made 59 days ago\. Since then \d+ of its verdicts have become too old/,
      );
      expect(await page.locator('#debian-13 .age').first().textContent()).toBe(
        ' stale by now (60 days ago)'.replace('60 days', '2 months'),
      );
      expect(await page.locator('#debian-13 .headline time').getAttribute('data-age')).toBe('stale');
      expect(await page.locator('#debian-13 .headline .word').evaluate(borderOf)).toBe('dotted');
      // What is past its end doesn't change any more.
      expect(await page.locator('#debian-11 .age').count()).toBe(0);
    });
  });

  const kinds = [
    'index.html',
    'policy.html',
    'trends.html',
    'distros/debian-12.html',
    'distros/fedora-43@arm64.html',
    'stacks/index.html',
    'stacks/qemu.html',
    'runs/index.html',
    'runs/night-3.html',
  ];

  it.each(kinds)('%s has nothing that axe objects to, in light and dark, and fits a phone', async (path) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await on(
        fromFile(path),
        async (page) => {
          await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
          expect(await faultsOf(page)).toEqual([]);
          await page.setViewportSize(phone);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
            phone.width,
          );
        },
        { colorScheme, bypassCSP: true },
      );
    }
  });

  it('has nothing that axe objects to in a story or on a phone either', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await on(
        fromFile('index.html#story=debian-12/qemu'),
        async (page) => {
          await story(page).waitFor();
          expect(await faultsOf(page)).toEqual([]);
          await page.keyboard.press('Escape');
          await until(page, '!location.hash.includes("story=")');
          await page.fill('#q', 'vmm:qemu support:broken is:flakey');
          await until(page, 'document.querySelector(".cell.meant")');
          expect(await faultsOf(page)).toEqual([]);
        },
        { colorScheme, bypassCSP: true, viewport: phone },
      );
    }
  });
});
