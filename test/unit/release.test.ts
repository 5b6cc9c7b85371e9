import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { complaintsOf, distTagOf, notesOf, type ReleaseFiles } from '../../release/release.ts';

const root = resolve(import.meta.dirname, '../..');

const changelog = `# Changelog

## [Unreleased]

- Badges.

## [0.2.0] - 2026-12-01

### Added

- Containers.

## [0.1.0] - 2026-11-01

- Everything.
`;
const between: ReleaseFiles = { version: '0.2.0', locked: '0.2.0', changelog };
const released = { ...between, changelog: changelog.replace('## [Unreleased]\n\n- Badges.\n\n', '') };

it('is not kept from a release by what the checkout says of itself', async () => {
  const textOf = (file: string) => readFile(resolve(root, file), 'utf8');
  const { version } = JSON.parse(await textOf('package.json')) as { version: string };
  const { version: locked } = JSON.parse(await textOf('package-lock.json')) as { version: string };

  expect(complaintsOf({ version, locked, changelog: await textOf('CHANGELOG.md') })).toEqual([]);
});

it.each([
  ['between releases', between, undefined, []],
  ['as the tag of its version', released, 'v0.2.0', []],
  [
    'while something is unreleased',
    between,
    'v0.2.0',
    ['CHANGELOG.md: what is released has no section of its own on top: ## [0.2.0] - DATE'],
  ],
  ['as another tag', released, 'v0.3.0', ['the tag is v0.3.0, and package.json is of 0.2.0']],
  ['as a tag without the v', released, '0.2.0', ['the tag is 0.2.0, and package.json is of 0.2.0']],
  [
    'with a lock file of an earlier version',
    { ...released, locked: '0.1.0' },
    'v0.2.0',
    ['package-lock.json: is of 0.1.0, and package.json of 0.2.0'],
  ],
  [
    'with a section of an earlier version on top',
    { ...released, version: '0.3.0', locked: '0.3.0' },
    undefined,
    ['CHANGELOG.md: its newest release is 0.2.0, and package.json is of 0.3.0'],
  ],
  [
    'with a section without its day',
    { ...released, changelog: released.changelog.replace(' - 2026-12-01', '') },
    'v0.2.0',
    ['CHANGELOG.md: 0.2.0 has no date: ## [0.2.0] - 2026-12-01'],
  ],
  [
    'with a version that is none',
    { version: '0.2', locked: '0.2', changelog: '' },
    undefined,
    ['package.json: "0.2" is no semantic version'],
  ],
])('may be released %s, or is told why not', (_, files, tag, complaints) => {
  expect(complaintsOf(files, tag)).toEqual(complaints);
});

it("takes a version's notes out of the changelog, without its heading and without its neighbours", () => {
  expect(notesOf(changelog, '0.2.0')).toBe('### Added\n\n- Containers.');
  expect(notesOf(changelog, '0.1.0')).toBe('- Everything.');
  expect(notesOf(changelog, '0.3.0')).toBeUndefined();
});

it('gives a version that is not finished to nobody who does not ask for it', () => {
  expect(distTagOf('1.0.0')).toBe('latest');
  expect(distTagOf('1.0.0-rc.1')).toBe('next');
});

it('is published by a workflow that asks before it tests, and lets nothing but the publishing speak for the repository', async () => {
  const { on, permissions, jobs } = parse(
    await readFile(resolve(root, '.github/workflows/release.yml'), 'utf8'),
  ) as Workflow;
  const runs = (job: string) => (jobs[job]?.steps ?? []).flatMap(({ run = [] }) => run);

  expect(on).toEqual({ push: { tags: ['v*'] } });
  expect(permissions).toEqual({});
  expect(runs('test')[0]).toContain('release/main.ts check');
  expect(Object.keys(jobs)).toEqual(['test', 'pack', 'publish', 'release']);
  expect(Object.values(jobs).map(({ needs }) => needs)).toEqual([undefined, 'test', 'pack', 'publish']);
  expect(Object.entries(jobs).filter(([, job]) => job.permissions['id-token'] === 'write')).toEqual([
    ['publish', expect.anything()],
  ]);
  expect(runs('publish').at(-1)).toContain('npm publish ./package/katafarm-*.tgz --provenance');
});

interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly needs?: string;
        readonly permissions: Readonly<Record<string, string>>;
        readonly steps: readonly { readonly run?: string }[];
      }
    >
  >;
}
