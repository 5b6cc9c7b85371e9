import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { siteOf } from '../../../../src/report/site/site.ts';
import { distroLike, kataLike } from '../../../support/domain.ts';
import { catalogue, greatNight, siteLike, threeNights } from '../../../support/site.ts';
import { failedTwice, passed, qemuCells, runLike } from '../../domain/run-like.ts';

const site = siteLike(threeNights());
const all = siteOf(site);
const textOf = (path: string, from = all) => from.find((one) => one.path === `site/${path}`)?.text ?? '';
const landing = textOf('index.html');

/** What a reader sees of one row. */
function rowOf(id: string, text = landing): string {
  const begin = text.indexOf(`<tr id="${id}"`);
  return readable(text.slice(begin, text.indexOf('</tr>', begin)));
}

function readable(markup: string): string {
  return markup
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');
}

describe('the landing page', () => {
  it('says in one sentence what was tested, when, and how much of it', () => {
    const text = landing.replaceAll(/<[^>]+>/g, '').replaceAll(/\s+/g, ' ');

    expect(text).toContain('katafarm booted 4 releases as virtual machines');
    expect(text).toContain(
      'between 2026-11-21 (oldest verdict) and 2026-11-21 (newest): 36 cells planned, 36 ran, 0 missing',
    );
    expect(text).toContain('Testing, not a security commitment.');
    expect(text).toContain('TEEs');
    expect(text).toContain('s390x');
    expect(text).toContain('GPU');
  });

  it('counts as booted what was, and says why what was skipped was', () => {
    const container = runLike({
      ...{ id: 'c', variant: 'docker', cells: { 'alpine-3.23/runc/control.runc': [{ status: 'passed' }] } },
      skipped: { 'alpine-3.23/host/host.boot': "docker: a container is on its host's kernel" },
    });
    const blocked = runLike({
      id: 'b',
      cells: {
        'debian-12/runc/control.runc': [{ status: 'failed', message: 'no' }],
        'debian-12/qemu/kata.uname': [{ status: 'blocked', by: 'debian-12/runc/control.runc' }],
      },
      skipped: { 'debian-12/clh/vmm.clh.probe': 'not packaged by this distro: cloud-hypervisor' },
    });
    const text = readable(textOf('index.html', siteOf(siteLike([container, blocked]))));

    expect(text).toContain('katafarm booted 1 release as virtual machines');
    expect(text).toContain(
      '3 cells planned, 2 ran, 0 missing in 2 runs; 1 was blocked by a failed control; 2 more were skipped, 1 of them as there is no such package.',
    );
    expect(readable(landing)).toContain('8 more were skipped, as there is no such package.');
    expect(text).not.toContain('cut short');
  });

  it('says that the newest run was cut short, as older verdicts stand for what it lacks', () => {
    const { endedAt: _, ...cut } = runLike({
      ...{ id: 'night-4', on: '2026-11-22' },
      cells: {
        'debian-13/host/host.boot': [{ status: 'passed' }],
        'debian-13/qemu/vmm.qemu.boot': undefined,
      },
    });
    const text = textOf('index.html', siteOf(siteLike([...threeNights(), cut])));

    expect(text).toContain('href="runs/night-4.html"');
    expect(readable(text)).toContain(
      'The newest run, night-4 of 2026-11-22 , was cut short: 1 of its cells is missing, and what older runs showed stands for it.',
    );
  });

  it('shows words as text, with date, basis, cause, owner and tracker', () => {
    expect(rowOf('debian-13')).toMatch(
      /capable \(emulated\) 2026-11-21 · emulated CPU VMM and kernel pass; Kata not run yet/,
    );
    expect(rowOf('debian-12')).toMatch(
      /broken .*new failure.* 2026-11-21 · emulated CPU vmm\.qemu\.boot: no token owner: distro-kernel , linux-image-amd64 · Debian's bug tracker/,
    );
    expect(landing).toContain('href="https://bugs.debian.org/linux-image-amd64"');
    expect(rowOf('debian-12')).toContain('not-packaged');
  });

  it('says what capable is in one sentence', () => {
    expect(landing).toContain('is a real verdict on the distribution&#39;s own VMM and kernel');
  });

  it('greys what is past its end, and shows it after the rest', () => {
    expect(landing).toMatch(/<tr id="debian-11"[^>]* class="eol"/);
    expect(landing.indexOf('id="debian-11"')).toBeGreaterThan(landing.indexOf('id="debian-forky"'));
    expect(rowOf('debian-11')).toContain('eol (tested: broken)');
  });

  it('tells claims of the catalogue from verdicts', () => {
    expect(rowOf('fedora-43')).toMatch(/kata-containers 3\.26\.0 read · source/);
    expect(rowOf('debian-13')).toMatch(/not packaged read · source/);
    expect(landing.indexOf('id="fedora-43"')).toBeGreaterThan(landing.indexOf('id="untested"'));
  });

  it('marks what the query language asks for', () => {
    const facts = (id: string) => new RegExp(`<tr id="${id}".*?</tr>`, 's').exec(landing)?.[0] ?? '';

    expect(facts('debian-12')).toMatch(
      /data-vmm="qemu" data-kernel="kata" data-support="broken" data-is="new-failure [^"]*only-here" data-blame="distro-kernel"/,
    );
    expect(facts('debian-forky')).toMatch(/data-is="flaky /);
    // It never was green.
    expect(facts('debian-11')).not.toContain('new-failure');
    expect(facts('debian-13')).toContain('data-kernel="6.12.117+deb13-amd64"');
    expect(facts('debian-13')).toContain('data-provider="qemu:built"');
  });

  it('has room for 25 releases, 6 stacks and 30 scenarios in 300 KB', () => {
    const made = siteOf(siteLike([greatNight(catalogue.slice(0, 25), 6, 30)]));
    const transferred = ['index.html', 'page.css', 'page.js', 'early.js'].map((path) =>
      Buffer.byteLength(textOf(path, made)),
    );

    expect(transferred.every((bytes) => bytes > 0)).toBe(true);
    expect(transferred.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(300_000);
  }, 60_000);

  it('shows userspace where containers were run, and what Kata did on its own VMM', () => {
    const container = runLike({
      id: 'c',
      variant: 'docker',
      cells: { 'debian-13/runc/control.runc': [{ status: 'passed' }] },
    });
    const upstream = runLike({
      id: 'u',
      cells: { 'debian-13/qemu.upstream/kata.uname': [{ status: 'passed' }] },
    });
    const text = textOf('index.html', siteOf(siteLike([...threeNights(), container, upstream])));

    expect(rowOf('debian-13')).toContain('not tested yet');
    expect(rowOf('debian-13', text)).toMatch(/userspace ok .*1 of 1 .*Kata green on Kata's QEMU : 1 of 1/);
    expect(landing).not.toContain('userspace in a container');
  });

  it('tells of the newest Kata alone, and of machines alone, how it fared on its own VMM', () => {
    const night = (id: string, on: string, version: string, told: typeof failedTwice | typeof passed) =>
      runLike({
        ...{ id, on, katas: [kataLike({ version })] },
        cells: { 'debian-13/host/host.boot': passed, 'debian-13/qemu.upstream/kata.uname': told },
      });
    const container = runLike({
      ...{ id: 'c', variant: 'docker', on: '2026-11-21', katas: [kataLike({ version: '4.1.0' })] },
      cells: { 'debian-13/qemu.upstream/kata.uname': failedTwice },
    });
    const made = siteOf(
      siteLike([
        night('old', '2026-11-19', '4.0.0', failedTwice),
        night('new', '2026-11-20', '4.1.0', passed),
        container,
      ]),
    );

    expect(rowOf('debian-13', textOf('index.html', made))).toMatch(/Kata green on Kata's QEMU : 1 of 1/);
    const page = readable(textOf('distros/debian-13.html', made));
    expect(page).toMatch(/kata\.uname passed 2026-11-20 , Kata 4\.1\.0, run new/);
    expect(page).not.toContain('Kata 4.0.0, run old');
  });

  it('says on how many releases Kata itself was run on their own parts', () => {
    const cells = { ...qemuCells('debian-12'), ...qemuCells('debian-13') };
    const made = (more: Record<string, typeof passed>) =>
      readable(
        textOf(
          'index.html',
          siteOf(siteLike([runLike({ id: 'k', katas: [kataLike()], cells: { ...cells, ...more } })])),
        ),
      );

    expect(made({ 'debian-13/qemu/kata.uname': passed })).toContain(
      'with Kata Containers 4.1.0 on 1 of them (on the others Kata itself was not run), between',
    );
    expect(made({ 'debian-13/qemu/kata.uname': passed, 'debian-12/qemu/kata.uname': passed })).toContain(
      'with Kata Containers 4.1.0, between',
    );
    expect(made({ 'debian-13/qemu.upstream/kata.uname': passed })).toContain(
      'for what Kata Containers asks of them (Kata 4.1.0 itself was run on the VMM that it ships alone), between',
    );
  });

  it('shows how the own Kata of a distribution came out where it was run', () => {
    const night = runLike({
      id: 'own',
      cells: { 'fedora-43/qemu.upstream/kata.uname': [{ status: 'passed' }] },
    });
    const made = siteLike([
      {
        ...night,
        command: ['fedora-43', '--kata', 'distro'],
        plan: { ...night.plan, katas: [{ ...kata, source: 'distro' }] },
      },
    ]);

    expect(rowOf('fedora-43', textOf('index.html', siteOf(made)))).toMatch(
      /kata-containers 3\.26\.0 read · source green : 1 of 1 cells passed/,
    );
  });
});

const kata = {
  version: '3.26.0',
  digest: 'd1'.repeat(32),
  trust: 'package',
  runtimes: ['go'],
  pieces: [],
  replaced: [],
} as const;

describe('a story', () => {
  const story = readable(textOf('distros/debian-12.html'));

  it('tells since when it is red, when it last worked, and what changed since', () => {
    expect(story).toMatch(
      /Since 2026-11-21 \(failed\) Last worked 2026-11-20 , run night-2 First red 2026-11-21 , run night-3/,
    );
    expect(story).toContain('qemu-system-x86 1:7.2-1 → 1:7.2-2');
  });

  it('tells whose part it is, the command that repeats it, and where its transcript is', () => {
    expect(story).toContain("Owner: distro-kernel , the release's kernel");
    expect(story).toContain('./katafarm run debian-12 --stack qemu --scenario vmm.qemu.boot --kata none');
    expect(story).toContain('night-3/cells/debian-12/qemu/vmm.qemu.boot/2/');
  });

  it('draws its nights, and says them in words', () => {
    expect(textOf('distros/debian-12.html')).toContain(
      'aria-label="3 nights, 2026-11-19 to 2026-11-21: 2 passed, 1 failed"',
    );
  });

  it('is in a script of its own that the landing page loads, as the same markup', () => {
    const stories: Record<string, Record<string, string>> = {};
    new Function('katafarmStories', textOf('stories/debian-12.js'))(
      (id: string, own: Record<string, string>) => {
        stories[id] = own;
      },
    );

    expect(Object.keys(stories['debian-12'] ?? {})).toEqual([
      'qemu',
      'qemu+distro-kernel',
      'clh',
      'clh+distro-kernel',
      'firecracker',
    ]);
    expect(stories['debian-12']?.['qemu']).toContain('id="story-title"');
  });
});

describe('the site', () => {
  it('is the same bytes each time', () => {
    expect(siteOf(siteLike(threeNights()))).toEqual(all);
  });

  it('has a page a release, a stack and a run, and charts of trends with their figures', () => {
    for (const path of [
      'distros/debian-13.html',
      'distros/debian-13@arm64.html',
      'stacks/qemu+distro-kernel.html',
      'runs/night-1.html',
    ]) {
      expect(textOf(path), path).toContain('<!doctype html>');
    }
    expect(textOf('trends.html')).toMatch(
      /<svg [^>]*role="img".*<title .*<desc .*3 days, 2026-11-19 to 2026-11-21/s,
    );
    expect(textOf('trends.html')).toContain('<th scope="row">2026-11-20</th>');
    expect(textOf('runs/night-3.html')).toMatch(
      /debian-12\/qemu<.*vmm\.qemu\.boot.*failed.*passed.*no token/s,
    );
  });

  it('tells the architectures of one release apart, wherever it is named', () => {
    const cells = { ...qemuCells('debian-13'), ...qemuCells('debian-13@arm64') };
    const made = siteOf(siteLike([runLike({ id: 'both', cells })]));
    const names = (path: string) =>
      [...textOf(path, made).matchAll(/Debian 13 \(trixie\)(?: on arm64)?/g)].map(([name]) => name);

    expect(new Set(names('stacks/qemu.html'))).toEqual(
      new Set(['Debian 13 (trixie)', 'Debian 13 (trixie) on arm64']),
    );
    expect(new Set(names('distros/debian-13@arm64.html'))).toEqual(new Set(['Debian 13 (trixie) on arm64']));
    expect(textOf('index.html', made)).toContain('data-title="Debian 13 (trixie) on arm64"');
    expect(textOf('distros/debian-13@arm64.html', made)).not.toContain('on arm64 on arm64');
  });

  it('runs nothing but its own files', () => {
    for (const { path, text } of all.filter((one) => one.path.endsWith('.html'))) {
      expect(text, path).toContain('default-src &#39;none&#39;; script-src &#39;self&#39; file:');
      expect(text, path).not.toMatch(/<script(?! src=)|<style|\sstyle="|\son\w+="/);
    }
  });

  it('shows no text of others as markup of its own, and writes no file outside of its folders', () => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u001b[31m';
    const hostile = distroLike({
      ...{ id: 'evil-1', title: evil, family: evil, notes: [evil] },
      lifecycle: { rolling: false, eol: evil, source: evil },
      tracker: { title: evil, url: 'javascript:alert(1)' },
      parts: { kata: { package: evil, path: evil, version: evil, source: evil, trust: 'read' } },
    });
    const night = runLike({
      ...{ id: '../../../evil', on: '2026-11-21' },
      distros: [{ id: 'evil-1', title: evil, rolling: false, notes: [evil] }],
      cells: {
        'evil-1/host/host.boot': [
          { status: 'failed', step: evil, class: evil, message: `${evil}${'x'.repeat(1e6)}` },
        ],
      },
      facts: { 'evil-1/host/host.boot': { 'qemu.version': evil } },
    });
    const made = siteOf(siteLike([night], { distros: [hostile] }));

    for (const { path, text } of made) {
      expect(posix.normalize(path)).toBe(path);
      if (!path.startsWith('site/page') && !path.startsWith('site/early')) {
        expect(text, path).not.toMatch(/<script>|<img|href="javascript/);
        expect(text.includes('\u202e') || text.includes('\u001b'), path).toBe(false);
        expect(text.length, path).toBeLessThan(200_000);
      }
    }
    expect(textOf('distros/evil-1.html', made)).toContain('⟨U+202E⟩');
  });
});
