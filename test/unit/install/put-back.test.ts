import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putBackScript } from '../../../src/install/put-back.ts';

const run = promisify(execFile);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'put-back-'));
  await mkdir(join(folder, 'bin'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs the script with stand-ins for the machine's package manager, and no program of this host's that could install. */
async function putBack(
  apt: string,
): Promise<{ readonly code: number; readonly err: string; readonly asked: string }> {
  const log = join(folder, 'asked');
  const tools = {
    'apt-get': `echo "$@" >>${log}\n${apt}`,
    'dpkg-query': 'echo known',
    tail: 'cat "$3"',
    rm: ':',
  };
  for (const [name, text] of Object.entries(tools)) {
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, 'bin', name), 0o755);
  }
  const text = putBackScript([{ name: 'virtiofsd', version: '1.13.2-1' }, { name: 'runc' }])
    // The machine's /run is not this host's to write into.
    .replaceAll('/run/katafarm-put-back.log', join(folder, 'log'));
  const env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` };
  const ended = await run('sh', ['-c', text], { env }).then(
    () => ({ code: 0, err: '' }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, err: stderr }),
  );
  return { ...ended, asked: await readFile(log, 'utf8') };
}

describe('the script that puts packages back', () => {
  it('has apt install these very versions, older ones as well', async () => {
    const { code, asked } = await putBack('');

    expect(code).toBe(0);
    expect(asked).toMatch(
      /^-qq -o Acquire::Languages=none update\n.*--allow-downgrades.* install virtiofsd=1\.13\.2-1 runc\n/,
    );
  });

  it("fails with apt's own words where the mirror has that version no more", async () => {
    const refusal = "E: Version '1.13.2-1' for 'virtiofsd' was not found";
    const { code, err } = await putBack(
      `case "$*" in *install*) echo "Reading"; echo "${refusal}"; exit 100 ;; esac`,
    );

    expect({ code, last: err.trim().split('\n').at(-1) }).toEqual({ code: 1, last: refusal });
  });

  it('says that it is the mirror where that cannot be read', async () => {
    const { code, err } = await putBack('case "$*" in *update*) echo "E: no route"; exit 100 ;; esac');

    expect(code).toBe(1);
    expect(err.trim().split('\n').at(-1)).toBe('apt cannot read the package mirror');
  });
});
