import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { showsKernel } from '../../../../src/providers/qemu/cloud/trial.ts';

const never = new AbortController().signal;
let folder = '';
let console = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trial-'));
  console = join(folder, 'console.log');
});
afterEach(() => rm(folder, { recursive: true }));

describe('an accelerator that is tried', () => {
  it('is of use once a kernel shows itself', async () => {
    const shown = showsKernel(console, never, 30, 10);
    await writeFile(console, 'GRUB loads Linux\n[    0.000000] Linux version 6.12\n');

    expect(await shown).toBe(true);
  });

  it('is of none where nothing but a bootloader does', async () => {
    await writeFile(console, 'GRUB loads Linux\n');

    expect(await showsKernel(console, never, 0.1, 10)).toBe(false);
  });

  it('is of none where there is no console at all', async () => {
    expect(await showsKernel(console, never, 0.1, 10)).toBe(false);
  });

  it('is not waited for by who is interrupted', async () => {
    const interrupted = AbortSignal.abort(new Error('Ctrl-C'));

    await expect(showsKernel(console, interrupted, 30, 10)).rejects.toThrow();
  });
});
