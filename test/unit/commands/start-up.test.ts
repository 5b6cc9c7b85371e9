import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = resolve(import.meta.dirname, '../../../src');

describe('a start of katafarm', () => {
  it.each([
    { file: 'cli.ts', packages: ['commander'] },
    { file: 'commands/list.ts', packages: ['commander'] },
    { file: 'commands/list-scenarios.ts', packages: [] },
  ])('loads of all packages only $packages with $file', async ({ file, packages }) => {
    expect([...(await packagesFrom(join(src, file)))].toSorted()).toEqual(packages);
  });
});

/** The packages that a file's static imports lead to, through our own files; `import()` is left out, as are types. */
async function packagesFrom(file: string, seen = new Set<string>()): Promise<ReadonlySet<string>> {
  if (seen.has(file)) {
    return new Set();
  }
  seen.add(file);

  const text = await readFile(file, 'utf8');
  const targets = [...text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+'([^']+)';/gm)].map(
    ([, target = '']) => target,
  );
  const packages = targets.filter((target) => !/^(\.|node:)/.test(target));
  const below = await Promise.all(
    targets
      .filter((target) => target.startsWith('.'))
      .map((target) => packagesFrom(join(dirname(file), target), seen)),
  );
  return new Set([...packages, ...below.flatMap((found) => [...found])]);
}
