import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/farm.ts';

/** Prints what a shell makes of a line that ends where the cursor is, a word a line. */
const ask: Readonly<Record<string, (line: string) => readonly string[]>> = {
  bash: (line) => [
    ...['--norc', '-c'],
    `compopt() { :; }; source <(katafarm completion bash); COMP_LINE=$1 COMP_POINT=\${#1}; _katafarm katafarm; printf "%s\\n" "\${COMPREPLY[@]}"`,
    ...['bash', line],
  ],
  // zsh completes in its line editor alone: what it would be told is printed.
  zsh: (line) => [
    ...['-f', '-c'],
    `compdef() { :; }; compset() { :; }; _describe() { print -rl -- \${(P)2}; }; _files() { print -rl -- files $@; }; source <(katafarm completion zsh); words=("\${(@s: :)1}"); CURRENT=$#words PREFIX=$words[-1]; _katafarm`,
    ...['zsh', line],
  ],
  fish: (line) => [
    ...['--no-config', '-c'],
    'katafarm completion fish | source; complete -C $argv[1]',
    ...['--', line],
  ],
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'completion-'));
  await mkdir(join(folder, 'fixes'));
  await writeFile(join(folder, 'fix.sh'), '');
});

afterAll(() => rm(folder, { recursive: true }));

async function completed(shell: string, line: string): Promise<readonly string[]> {
  const env = { ...process.env, PATH: `${root}:${process.env['PATH']}`, HOME: folder };
  const { stdout } = await promisify(execFile)(shell, ask[shell]?.(line) ?? [], { env, cwd: folder });
  return stdout.split('\n').filter((word) => word !== '');
}

const places = await Promise.all(
  Object.keys(ask).map(async (shell) => [shell, await isInstalled(shell)] as const),
);

describe.each(places)('katafarm completion %s', (shell, installed) => {
  it.skipIf(!installed)('completes verbs, releases and scenarios', async () => {
    expect((await completed(shell, 'katafarm val')).join()).toMatch(/^validate\b/);
    expect(await completed(shell, 'katafarm run debian-1')).toEqual(['debian-11', 'debian-12', 'debian-13']);
    expect(await completed(shell, 'katafarm run --scenario vmm.qemu.bo')).toEqual(['vmm.qemu.boot']);
  });

  it.skipIf(!installed)('completes a value after =', async () => {
    const [word = ''] = await completed(shell, 'katafarm run --stack=qemu.u');

    // bash takes = for the beginning of a word.
    expect(word.split(/[\t:]/)[0]).toBe(shell === 'bash' ? 'qemu.upstream' : '--stack=qemu.upstream');
  });

  it.skipIf(!installed || shell === 'bash')('leaves files and folders to the shell', async () => {
    const files = await completed(shell, 'katafarm run --prepare fi');
    const folders = await completed(shell, 'katafarm run --out fi');

    expect({ files, folders }).toEqual(
      shell === 'zsh'
        ? { files: ['files'], folders: ['files', '-/'] }
        : { files: ['fix.sh', 'fixes/'], folders: ['fixes/\tDirectory'] },
    );
  });

  it.skipIf(!installed)('says nothing where nothing fits', async () => {
    expect(await completed(shell, 'katafarm run debian-13 --accel x')).toEqual([]);
  });
});

async function isInstalled(shell: string): Promise<boolean> {
  const found = (process.env['PATH'] ?? '').split(delimiter).map((place) =>
    access(join(place, shell)).then(
      () => true,
      () => false,
    ),
  );
  return (await Promise.all(found)).includes(true);
}
