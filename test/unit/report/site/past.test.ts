import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../../src/domain/outcome.ts';
import { siteOf } from '../../../../src/report/site/site.ts';
import { kataLike } from '../../../support/domain.ts';
import { siteLike } from '../../../support/site.ts';
import { boot, nightOn, uname } from '../../domain/nights-like.ts';
import { failedTwice, passed, qemuCells, runLike } from '../../domain/run-like.ts';

const errored = [{ status: 'errored', phase: 'boot', message: 'no answer' }] as const;
const stories: Readonly<Record<string, readonly Outcome[] | undefined>> = {
  ...{ g: passed, r: failedTwice, e: errored, m: undefined },
};

/** The story of a stack after nights of one letter each; its site is made on the day of the last. */
function storyAfter(letters: string): { readonly story: string; readonly row: string } {
  const days = [...letters].map(
    (_, index) => `2026-11-${String(22 - letters.length + index).padStart(2, '0')}`,
  );
  const boot = [...letters].map((letter, night) => {
    const at = { 'qemu/vmm.qemu.boot': stories[letter] };
    return runLike({
      ...{ id: `night-${night + 1}`, on: days[night] ?? '' },
      cells: { ...qemuCells('debian-12', at), ...qemuCells('debian-13') },
    });
  });
  const made = siteOf(siteLike(boot));
  const textOf = (path: string) => made.find((one) => one.path === `site/${path}`)?.text ?? '';
  const text = textOf('distros/debian-12.html').replaceAll(/<[^>]+>/g, ' ');
  return {
    story: text.replaceAll(/\s+/g, ' '),
    row: /<tr id="debian-12".*?<\/tr>/s.exec(textOf('index.html'))?.[0] ?? '',
  };
}

describe('a story whose last night came to no verdict', () => {
  it.each(['ggre', 'ggrm', 'ggrem'])('is of the verdict that the word rests on: %s', (letters) => {
    const { story, row } = storyAfter(letters);
    const red = `2026-11-${22 - letters.length + 2}`;

    expect(story).toContain(`Since ${red} (failed)`);
    expect(story).toContain('run night-2 First red');
    expect(row).toMatch(/data-support="broken" data-is="new-failure /);
  });

  it('draws that night nevertheless', () => {
    expect(storyAfter('ggre').story).toContain('since history run');
    expect(storyAfter('ggr').row).toMatch(/data-is="new-failure /);
  });

  it('tells so where there never was a verdict', () => {
    expect(storyAfter('e').story).toContain('Since 2026-11-21 (errored)');
  });
});

describe('a word that ages', () => {
  it('goes by the oldest of its cells where it is good, and by the cell that decided it where it is not', () => {
    const early = runLike({ id: 'a', on: '2026-11-12', cells: qemuCells('debian-13') });
    const { 'debian-13/host/host.kvm': _, ...rest } = qemuCells('debian-13');
    const late = runLike({ id: 'b', on: '2026-11-21', cells: rest });
    const red = runLike({
      ...{ id: 'c', on: '2026-11-21' },
      cells: qemuCells('debian-12', { 'qemu/vmm.qemu.boot': failedTwice }),
    });
    const landing = siteOf(siteLike([early, late, red])).find(({ path }) => path === 'site/index.html');
    const row = (id: string) => new RegExp(`<tr id="${id}".*?</tr>`, 's').exec(landing?.text ?? '')?.[0];
    const aged = '<time datetime="2026-11-21" data-age="ageing" data-from="2026-11-12">';

    expect(row('debian-13')?.split(aged)).toHaveLength(3);
    expect(row('debian-12')).toContain('<time datetime="2026-11-21" data-age="fresh">');
    expect(row('debian-12')).not.toContain('data-from');
  });
});

describe('the page of a run', () => {
  it('tells how a cell came out in the run before, whichever Kata that had', () => {
    const runs = [passed, failedTwice].map((told, index) =>
      nightOn(index + 1, { cells: { [boot]: passed, [uname]: told }, kata: `4.${index + 1}.0` }),
    );
    const page = siteOf(siteLike(runs)).find(({ path }) => path === 'site/runs/n2.html')?.text ?? '';

    expect(page).toMatch(
      /kata\.uname(?:<\/a>)?<\/td><td><span class="status failed">failed<\/span><\/td><td><span class="status passed">/,
    );
  });
});

describe('what is looked at beside other releases', () => {
  const night = (id: string, on: string, version: string, cells: Parameters<typeof runLike>[0]['cells']) =>
    runLike({ ...{ id, on, cells }, katas: [kataLike({ version })] });
  const at = (release: string) => `${release}/qemu/kata.uname`;

  it('is red only here, whatever others showed with an earlier Kata', () => {
    const runs = [
      night('old', '2026-11-20', '4.0.0', { ...qemuCells('debian-13'), [at('debian-13')]: failedTwice }),
      night('new', '2026-11-21', '4.1.0', {
        ...qemuCells('debian-12'),
        ...qemuCells('debian-13'),
        [at('debian-13')]: passed,
        [at('debian-12')]: failedTwice,
      }),
    ];
    const landing = siteOf(siteLike(runs)).find(({ path }) => path === 'site/index.html')?.text ?? '';

    expect(/<tr id="debian-12".*?<\/tr>/s.exec(landing)?.[0]).toMatch(/data-is="[^"]*only-here/);
  });

  it("stands in bold among a stack's cells where a word takes it, Kata's own as well", () => {
    const cells = {
      ...qemuCells('debian-13'),
      [at('debian-13')]: passed,
      'debian-13/qemu/kata.kill-vmm': passed,
    };
    const page = siteOf(siteLike([night('n', '2026-11-21', '4.1.0', cells)])).find(
      ({ path }) => path === 'site/stacks/qemu.html',
    );

    expect(page?.text).toContain('<b>qemu/kata.uname</b>');
    expect(page?.text).toContain('<th scope="row">qemu/kata.kill-vmm</th>');
  });

  it('is shown as the word takes it: by the better basis while that is recent', () => {
    const better = runLike({ id: 'a', on: '2026-11-20', speed: 'kvm-nested', cells: qemuCells('debian-13') });
    const worse = runLike({
      ...{ id: 'b', on: '2026-11-21', speed: 'tcg+svm' },
      cells: qemuCells('debian-13', { 'qemu/vmm.qemu.boot': failedTwice }),
    });
    const made = siteOf(siteLike([better, worse]));
    const page = made.find(({ path }) => path === 'site/stacks/qemu.html')?.text ?? '';

    expect(/<b>qemu\/vmm\.qemu\.boot<\/b>.*?<\/td>/s.exec(page)?.[0]).toContain('passed');
  });

  it('is of its own architecture, in the catalogue or no more', () => {
    const runs = [runLike({ cells: { 'stranger-1@arm64/host/host.boot': passed } })];
    const landing = siteOf(siteLike(runs)).find(({ path }) => path === 'site/index.html')?.text ?? '';

    expect(/<tr id="stranger-1@arm64"[^>]*>/.exec(landing)?.[0]).toContain('data-arch="arm64"');
  });
});
