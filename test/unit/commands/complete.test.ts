import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { katafarm } from '../../support/context.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'complete-'));
  await mkdir(join(folder, '20260101-000000-aaaa'));
  const fact = { type: 'fact', subject: 'debian-13/host/host.cpu', key: 'kept', value: 'kept-1' };
  const ended = (cell: string, status: string) => ({ at: '', type: 'cell-ended', cell, outcome: { status } });
  const lines = [
    fact,
    ended('debian-13/host/host.kvm', 'passed'),
    ended('debian-13/host/host.boot', 'failed'),
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFile(join(folder, '20260101-000000-aaaa', 'journal.jsonl'), text);
});

afterAll(() => rm(folder, { recursive: true }));

/** The words that the last one can become. */
async function completed(...words: readonly string[]): Promise<readonly string[]> {
  const env = { KATAFARM_OUT: folder };
  const { out, err, code } = await katafarm(['complete', '--', ...words], { env });

  expect({ err, code }).toEqual({ err: '', code: 0 });
  return out.split('\n').flatMap((line) => line.split('\t')[0] || []);
}

describe('what a word can become', () => {
  it.each([
    { line: ['sh'], words: ['shell'] },
    { line: ['comp'], words: ['completion'] },
    { line: ['--v'], words: ['--version'] },
    { line: ['nothing', ''], words: [] },
    { line: ['run', 'debian-1'], words: ['debian-11', 'debian-12', 'debian-13'] },
    { line: ['run', 'debian-13', 'debian-f'], words: ['debian-forky'] },
    { line: ['run', '--sta'], words: ['--stack'] },
    { line: ['run', '--accel', ''], words: ['auto', 'kvm', 'tcg'] },
    { line: ['run', '--accel=k'], words: ['--accel=kvm'] },
    { line: ['run', '--stack', 'clh', 'run'], words: ['runc'] },
    { line: ['run', '--scenario', 'vmm.qemu.b'], words: ['vmm.qemu.boot'] },
    { line: ['run', '--quiet', 'debian-s'], words: ['debian-sid'] },
    { line: ['run', '--accel', 'tcg', '--acc'], words: [] },
    { line: ['run', '--', 'debian-s'], words: ['debian-sid'] },
    { line: ['run', '--prepare', ''], words: [':files'] },
    { line: ['run', '--out', ''], words: [':folders'] },
    { line: ['report', ''], words: ['20260101-000000-aaaa'] },
    { line: ['shell', '--run', '20260101-000000-aaaa', '--cell', ''], words: ['debian-13/host/host.cpu'] },
    { line: ['shell', '--run', 'none', '--cell', ''], words: [] },
    { line: ['explain', ''], words: ['debian-13/host/host.boot'] },
    { line: ['bug', '--run', '20260101-000000-aaaa', 'deb'], words: ['debian-13/host/host.boot'] },
    { line: ['explain', '--run', 'none', ''], words: [] },
    { line: ['template', ''], words: ['list', 'build', 'rm'] },
    { line: ['template', 'build', 'debian-s'], words: ['debian-sid'] },
    { line: ['list', 'st'], words: ['stacks'] },
    { line: ['completion', ''], words: ['bash', 'zsh', 'fish'] },
  ])('$line: $words', async ({ line, words }) => {
    expect(await completed(...line)).toEqual(words);
  });

  it('says what each option is, as its definition does', async () => {
    const { out } = await katafarm(['complete', '--', 'run', '--strict']);

    expect(out).toBe('--strict\tskipped and blocked cells count: exit 3\n');
  });

  it('leaves out what is no verb of people', async () => {
    expect(await completed('complet')).toEqual(['completion']);
    expect((await katafarm(['--help'])).out).not.toMatch(/^ +complete /m);
  });
});

it('completes in shells that there are, and names them to those who ask for another', async () => {
  const { err, code } = await katafarm(['completion', 'tcsh']);

  expect({ err, code }).toEqual({
    err: 'katafarm: cannot complete in tcsh: there are bash, zsh, fish\n',
    code: 2,
  });
});
