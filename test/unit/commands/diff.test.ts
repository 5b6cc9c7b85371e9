import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chronicleOf } from '../../../src/domain/chronicle-of.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { chronicleArtifacts } from '../../../src/publish/chronicle-store.ts';
import { writeArtifacts } from '../../../src/publish/write-artifacts.ts';
import { katafarm } from '../../support/context.ts';
import { nightOn } from '../domain/nights-like.ts';
import { failedTwice, passed } from '../domain/run-like.ts';

const other = 'debian-12/host/host.boot';
const boot = 'debian-13/qemu/vmm.qemu.boot';
const known: readonly Outcome[] = [{ status: 'failed', class: 'hang', message: 'no token' }];
const issue = {
  ...{ id: 'kata-1', title: 'hangs', class: 'hang', evidence: 'token', packages: {} },
  scope: { releases: ['*'], stacks: ['*'], scenarios: ['*'] },
  ...{ tracker: 'https://example.org/1', confirmed: '2026-11-01', expires: '2026-12-31' },
};

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'katafarm-diff-'));
  await mkdir(join(root, 'distros/known-issues'), { recursive: true });
  await writeFile(
    join(root, 'distros/known-issues/kata-1.yaml'),
    [
      'title: hangs',
      'class: hang',
      'evidence: "^no token"',
      'scope: { releases: ["*"], stacks: ["*"], scenarios: ["*"] }',
      'tracker: https://example.org/1',
      'confirmed: 2026-11-01',
      'expires: 2026-12-31',
      '',
    ].join('\n'),
  );
});

afterAll(() => rm(root, { recursive: true }));

/** A night of both releases, then one of debian-13 alone in which this came of a cell of it. */
async function call(name: string, told: readonly Outcome[], ...argv: readonly string[]) {
  const published = join(root, name);
  const nights = [
    nightOn(1, { cells: { [other]: passed, [boot]: passed } }),
    nightOn(2, { cells: { [boot]: told } }, { knownIssues: [issue] }),
  ];
  await writeArtifacts(published, chronicleArtifacts(chronicleOf(nights)));
  return katafarm(['diff', 'previous', 'latest', '--published', published, ...argv], { root, cwd: root });
}

describe('katafarm diff of two nights', () => {
  it.each([
    ['green', passed, { 'new-failure': 0, failure: 0, change: 0, never: 0 }],
    ['red', failedTwice, { 'new-failure': 1, failure: 1, change: 1, never: 0 }],
    ['red by a known issue', known, { 'new-failure': 0, failure: 1, change: 1, never: 0 }],
    [
      'without a verdict',
      [{ status: 'errored', phase: 'boot', message: 'x' }],
      { 'new-failure': 3, never: 3 },
    ],
  ] as const)(
    'exits by what was asked where a cell is %s, and never by what was not run',
    async (name, told, codes) => {
      const found: Record<string, number> = {};
      for (const failOn of Object.keys(codes)) {
        found[failOn] = (await call(name, told, '--fail-on', failOn)).code;
      }

      expect(found).toEqual(codes);
      expect((await call(name, told, '--strict')).code).toBe(codes['new-failure'] === 1 ? 1 : 3);
    },
  );

  it('is one JSON value with every count, whose keys others build on', async () => {
    const { out } = await call('json', failedTwice, '--json');
    const value = JSON.parse(out);

    expect(Object.keys(value)).toEqual(['base', 'run', 'compared', 'counts', 'cells', 'changes']);
    expect(Object.keys(value.counts)).toEqual([
      ...['new-red', 'new-known', 'changed-red', 'flaky', 'new-green', 'degraded', 'new', 'gone'],
      ...['not-run', 'not-comparable', 'still-red', 'same'],
    ]);
    expect(value.cells).toEqual([
      {
        ...{ cell: boot, kind: 'new-red', base: { status: 'passed' } },
        run: { status: 'failed', message: 'no token', step: 'boot' },
      },
      { cell: other, kind: 'not-run', base: { status: 'passed' }, because: 'not asked for in the run' },
    ]);
    expect((await call('json', failedTwice, '--json')).out).toBe(out);
  });

  it('says that a known issue is one, and refuses a night that is not there', async () => {
    expect((await call('known', known)).out).toMatch(/New, and known: .*\n {2}debian-13.*\n.*\n.*kata-1/);
    expect(
      (
        await katafarm(['diff', '2026-01-01', 'latest', '--published', join(root, 'known')], {
          root,
          cwd: root,
        })
      ).err,
    ).toContain('cannot find the night 2026-01-01');
  });

  it('says of a first night that nothing went before it, and that is no failure', async () => {
    const published = join(root, 'first');
    await writeArtifacts(
      published,
      chronicleArtifacts(chronicleOf([nightOn(1, { cells: { [boot]: passed } })])),
    );
    const diff = (...words: readonly string[]) =>
      katafarm(['diff', 'previous', 'latest', '--published', published, ...words], { root, cwd: root });

    expect(await diff()).toMatchObject({
      code: 0,
      out: '2026-11-01 is the first night that was published: there is nothing to compare it with.\n',
    });
    expect(JSON.parse((await diff('--json')).out)).toMatchObject({
      base: null,
      run: '2026-11-01',
      cells: [],
    });
  });

  it.each([['diff', 'previous', 'latest'], ['alarm'], ['triage', 'some-run']])(
    'refuses a published folder that is not there: %s',
    async (...words) => {
      expect(await katafarm([...words, '--published', 'nosuch'], { root, cwd: root })).toMatchObject({
        code: 2,
        err: expect.stringMatching(
          /^katafarm: cannot (read --published nosuch: there is no such folder|find run some-run)/,
        ),
      });
    },
  );
});
