import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { JOURNAL_VERSION } from '../../src/domain/entry.ts';
import { policy } from '../../src/domain/policy.ts';
import { CHRONICLE_VERSION } from '../../src/publish/chronicle-text.ts';
import { EXHIBITS_VERSION } from '../../src/publish/exhibit-store.ts';
import { badgesOf } from '../../src/report/badges.ts';
import { osinfoVersion } from '../../src/report/docs/osinfo.ts';
import { MATRIX_VERSION } from '../../src/report/json.ts';

const page = await readFile(resolve(import.meta.dirname, '../../docs/formats.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const versionOf = (format: string) => rows.find(([, name]) => name === format)?.[4];

const [badge] = badgesOf({ releases: [] }).filter(({ path }) => path.endsWith('.json'));

it.each([
  ['journal', JOURNAL_VERSION],
  ['matrix', MATRIX_VERSION],
  ['policy', policy.version],
  ['history', CHRONICLE_VERSION],
  ['evidence', EXHIBITS_VERSION],
  ['osinfo', osinfoVersion],
  ['badges', (JSON.parse(badge?.text ?? '{}') as { readonly schemaVersion?: number }).schemaVersion],
])('what docs/formats.md says of the version of the %s is what is written', (format, version) => {
  expect(versionOf(format)).toBe(`\`${version}\``);
});

it('every format with a version of its own is held to the code by the test above', () => {
  const versioned = rows.filter(([, , , , now]) => /^`.+`$/.test(now ?? '')).map(([, name]) => name);

  expect(versioned).toEqual(['journal', 'matrix', 'policy', 'history', 'evidence', 'osinfo', 'badges']);
});
