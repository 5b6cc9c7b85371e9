import { expect, it } from 'vitest';
import { changesOf } from '../../../src/domain/changes.ts';
import { comparedIn } from '../../../src/domain/compared.ts';
import { differencesOf } from '../../../src/domain/difference.ts';
import { suspectsOf } from '../../../src/domain/suspects.ts';
import { suspectLines } from '../../../src/report/change-words.ts';
import { differencesPage, differencesText } from '../../../src/report/differences.ts';
import { hostileTexts } from '../../support/hostile.ts';
import { passed, runLike } from '../domain/run-like.ts';

it('a comparison shows nothing of a guest that a terminal, a page or a person would obey', () => {
  const evil = `${hostileTexts.join(' ')} @octocat | \` \n## head\n`;
  const red = [{ status: 'failed', step: evil, message: evil }] as const;
  const odd = `debian-13/qemu/kata.${evil.replaceAll('/', '_')}`;
  const night = (id: string, told: typeof passed | typeof red, version: string) =>
    runLike({
      ...{ id, host: { cpu: version }, batchFacts: { [`package.${evil}`]: version } },
      cells: { 'debian-13/qemu/vmm.qemu.boot': told, [odd]: told },
    });
  const [base, run] = [night('a', passed, '1'), night(evil, red, evil)];
  const changes = changesOf(base, run);
  const differences = differencesOf(comparedIn(base), comparedIn(run));
  const sides = {
    ...{ title: evil, base: evil, run: evil },
    suspectsOf: ({ cell }: (typeof differences.all)[number]) => suspectLines(suspectsOf(cell, changes)),
    pointersOf: () => [`again     ${evil}`],
  };
  const text = differencesText(differences, sides, { changes });
  const [page] = differencesPage(differences, sides, { changes });

  expect(text).toContain('suspect   ');
  expect(text).toContain('again     ');
  for (const shown of [text, page?.text ?? '']) {
    expect(shown).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
    expect(shown).not.toMatch(/^## head/m);
  }
  expect(page?.text).not.toMatch(/<(?!br>)/);
  expect(page?.text).not.toMatch(/(?<!\w)@\w/);
  const rows = (page?.text ?? '').split('\n').filter((line) => line.startsWith('|'));
  expect(rows.every((row) => row.split('|').length === 5)).toBe(true);
});
