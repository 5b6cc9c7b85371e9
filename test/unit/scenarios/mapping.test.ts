import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answersIn, toldBeside } from '../../../scenarios/parts/differences.ts';
import { labelIn, withLabels } from '../../../scenarios/parts/selinux.ts';
import { root } from '../../support/farm.ts';

const parts = join(root, 'scenarios', 'parts');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mapping-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs a script as a scenario does, but without a machine; `ctr_run` and the like have to be given. */
async function sh(script: string, libraries = ['mapping-inside']): Promise<string> {
  const sources = libraries.map((name) => `. ${join(parts, name)}.sh;`).join(' ');
  const run = await promisify(execFile)('/bin/sh', ['-c', `set -eu; ${sources} ${script}`], { cwd: folder });
  return run.stdout;
}

describe('names of files', () => {
  test("every kind's name is the bytes that it says, and a file is found by each", async () => {
    const said = await sh('mkdir names; make_names names $name_kinds; read_names name names $name_kinds');

    const names = await readdir(join(folder, 'names'), { encoding: 'buffer' });
    expect(names.map((name) => name.toString('latin1')).sort()).toEqual(
      [
        '0'.repeat(255),
        'caf\xc3\xa9',
        'cafe\xcc\x81',
        'line\nfeed',
        'a\tb',
        '--',
        'trailing ',
        'byte-\xff',
        'A',
        'a',
      ].sort(),
    );
    expect(Object.entries(answersIn(said)).every(([probe, kind]) => probe === `name.${kind}`)).toBe(true);
    expect(Object.keys(answersIn(said))).toHaveLength(names.length);
  });

  test('of two folders the listings differ where one byte of one name does', async () => {
    await mkdir(join(folder, 'one'));
    await mkdir(join(folder, 'other'));
    await writeFile(Buffer.from(`${folder}/one/byte-\xff`, 'latin1'), '');
    await writeFile(Buffer.from(`${folder}/other/byte-\xfe`, 'latin1'), '');

    expect(await sh('agree listing "$(listing one)" "$(listing other)"')).toBe('listing=different\n');
  });

  test('the longest source that Kata can take is 17 bytes shorter than the longest name', async () => {
    expect(await sh('name_of long | wc -c; name_of longest | wc -c')).toMatch(/^238\s+255\s+$/);
  });
});

test("what a command says is its output, or its error's last words", async () => {
  const said = await sh('echo text >there; said one cat there; said two cat not-there');

  expect(answersIn(said)).toEqual({ one: 'text', two: 'No such file or directory' });
});

describe('a container that is refused', () => {
  test.for([
    ['mkdir: File name too long (os error 36)', 'refused: file name too long'],
    ['bind mount source stat: stat /x: no such file or directory: unknown', 'refused: no such file'],
    ['ttrpc: closed: unknown', 'refused: the shim ended'],
    ['write uid_map: Operation not permitted', 'refused: not permitted'],
    ['something else', 'refused'],
  ])('%s', async ([words, answer]) => {
    await writeFile(join(folder, 'log'), `ctr: ${words}\n`);
    await sh(`cp ${parts}/mapping*.sh .`, []);

    const said = await sh('. ./mapping.sh; refused probe log', []);

    expect(answersIn(said)).toEqual({ probe: answer });
    expect(toldBeside(said)).toEqual({ 'why.probe': words });
  });
});

test('a guest that did not come up refused nothing: that is a failure of another kind', async () => {
  await writeFile(join(folder, 'log'), 'ctr: connect agent server: within 240s');
  await sh(`cp ${parts}/mapping*.sh .`, []);

  const said = await sh('kata_fail() { echo "failed: $2"; exit 0; }; . ./mapping.sh; refused probe log', []);

  expect(said).toBe('failed: a container does not start by kata\n');
});

describe('SELinux', () => {
  test.for([
    ['system_u:system_r:container_t:s0:c1,c2\0', { type: 'container_t', categories: 'c1,c2' }],
    ['system_u:system_r:unconfined_service_t:s0', { type: 'unconfined_service_t', categories: '' }],
    ['kernel', { type: '', categories: '' }],
  ] as const)('the label %s', ([text, label]) => {
    expect(labelIn(text)).toEqual(label);
  });

  test.for([
    ['version = 2', 'io.containerd.grpc.v1.cri'],
    ['version = 3', 'io.containerd.cri.v1.runtime'],
  ])('labels are turned on in a file with %s, and nothing else changes', ([version, plugin]) => {
    const text = `${version}\n[plugins."${plugin}"]\nmax_container_log_line_size = 1\n`;

    const changed = withLabels(text);

    expect(changed).toContain('enable_selinux = true');
    expect(changed).toContain('max_container_log_line_size = 1');
    expect(changed).toContain(version);
  });
});
