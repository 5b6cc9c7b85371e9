import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cellOf } from '../../../src/domain/cell.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { collect } from '../../../src/run/collect.ts';
import type { Farm } from '../../../src/run/farm.ts';

let folder = '';
let tools = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'collect-'));
  tools = await mkdtemp(join(tmpdir(), 'collect-tools-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await rm(tools, { recursive: true });
});

async function tool(name: string, script: string): Promise<void> {
  await mkdir(tools, { recursive: true });
  await writeFile(join(tools, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(tools, name), 0o755);
}

/** A machine with the tools that were made, in front of this host's. */
const machineLike = (change: Partial<Machine> = {}) =>
  ({
    name: 'm',
    answers: async () => true,
    judge: async () => ({ fatal: [], farm: [] }),
    spawn: (command: string, { signal }: { signal?: AbortSignal } = {}) => {
      const path = `${tools}:${process.env['PATH']}`;
      const child = spawn('/bin/sh', ['-c', command], { env: { PATH: path }, detached: true });
      signal?.addEventListener('abort', () => child.pid && process.kill(-child.pid, 'SIGKILL'));
      return child;
    },
    ...change,
  }) as Machine;

const red: Outcome = { status: 'failed', message: 'red' };
const green: Outcome = { status: 'passed' };

async function collected(
  outcome: Outcome,
  {
    id = 'vmm.qemu.boot',
    cold = false,
    machine = machineLike(),
  }: {
    id?: ScenarioId;
    cold?: boolean;
    machine?: Machine;
  } = {},
): Promise<{ readonly files: Readonly<Record<string, string>>; readonly said: readonly string[] }> {
  const said: string[] = [];
  const farm = { diagnostics: {}, signal: new AbortController().signal } as unknown as Farm;
  const cell = cellOf('debian-13', 'qemu', id);
  const ended = { ...{ cell, outcome, folder, cold }, factor: 1, awakeMs: 4_500 };
  await collect(farm, machine, ended, { say: (line) => void said.push(line) });
  const names = (await readdir(folder)).sort();
  const files = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
  );
  return { files: Object.fromEntries(files), said };
}

describe("what a red cell's machine says of itself", () => {
  it('is its journal since the clone woke, and its kernel', async () => {
    await tool('journalctl', 'echo "$@"; echo audit: apparmor=DENIED');
    await tool('dmesg', 'echo "[99999999999.5] denied"');

    const { files, said } = await collected(red);

    expect(files['journal.txt']).toBe(
      '--no-pager --quiet --output=short-iso-precise --since=-7s\naudit: apparmor=DENIED\n',
    );
    expect(files['kernel.txt']).toBe('[99999999999.5] denied\n');
    expect(said).toEqual([]);
  });

  it('is all since its boot where it was booted for the cell', async () => {
    await tool('journalctl', 'echo "$@"');
    await tool('dmesg', 'echo "[    0.000000] Linux version"; echo "[    1.0] and more"');

    const { files } = await collected(red, { cold: true });

    expect(files['journal.txt']).toMatch(/ -b\n$/);
    expect(files['kernel.txt']).toBe('[    0.000000] Linux version\n[    1.0] and more\n');
  });

  it('has nothing of the kernel that was said before the clone woke', async () => {
    await tool('journalctl', 'echo one');
    await tool(
      'dmesg',
      'echo "[    0.000000] Linux version"; echo "[99999999999.0] oops"; echo "  of two lines"',
    );

    const { files } = await collected(red);

    expect(files['kernel.txt']).toBe('[99999999999.0] oops\n  of two lines\n');
  });

  it('is cut to the last of it where it is too much', async () => {
    await tool('journalctl', 'yes "a line of a journal" | head -c 9000000; echo the end');
    await tool('dmesg', 'true');

    const { files } = await collected(red);

    expect(files['journal.txt']?.length).toBeLessThanOrEqual(4 * 2 ** 20 + 1);
    expect(files['journal.txt']).toMatch(/the end\n$/);
    expect(Object.keys(files)).toEqual(['journal.txt']);
  });

  it.each([
    ['a green control', 'control.runc', green, true],
    ['a green Kata', 'kata.uname', green, true],
    ['any other green', 'vmm.qemu.boot', green, false],
    ['a skipped cell', 'kata.uname', { status: 'skipped', because: 'no' }, false],
    [
      'a control that failed in the cell',
      'kata.uname',
      { status: 'blocked', by: 'a-1/runc/control.runc' },
      true,
    ],
  ] as const)('is kept of %s: %s', async (_, id, outcome, isKept) => {
    await tool('journalctl', 'echo one');
    await tool('dmesg', 'true');

    const { files } = await collected(outcome, { id });

    expect(Object.keys(files)).toEqual(isKept ? ['journal.txt'] : []);
  });
});

describe('a machine that says nothing', () => {
  it('is not waited for where it is lost', async () => {
    const machine = machineLike({ answers: async () => false });

    const { files, said } = await collected(
      { status: 'errored', phase: 'execute', message: 'lost' },
      { machine },
    );

    expect(files).toEqual({});
    expect(said).toEqual(['the machine does not answer: what m says of itself is lost']);
  });

  it('costs no verdict where the way to it breaks: the transcript says so', async () => {
    const machine = machineLike({
      spawn: () => {
        throw new Error('no such machine');
      },
    });

    const { files, said } = await collected(red, { machine });

    expect(files).toEqual({});
    expect(said).toEqual(['cannot collect what m says of itself: no such machine']);
  });
});
