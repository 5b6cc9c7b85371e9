import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matrixJsonSchema, matrixSchema } from '../../../src/load/matrix-schema.ts';
import { MATRIX_VERSION } from '../../../src/report/json.ts';

const root = resolve(import.meta.dirname, '../../..');
const read = async (file: string) =>
  JSON.parse(await readFile(resolve(root, file), 'utf8')) as Record<string, unknown>;

/** Where it is wrong, in words. */
const complaintsOf = (value: unknown, objects: 'loose' | 'strict' = 'loose') =>
  matrixSchema(objects)
    .safeParse(value)
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('the schema of matrix.json', () => {
  it.each(['reports/matrix.json', 'test/golden/matrix.json'])('describes all that is in %s', async (file) => {
    const matrix = await read(file);

    expect(complaintsOf(matrix, 'strict')).toEqual([]);
    expect(complaintsOf(matrix)).toEqual([]);
  });

  it('lets keys be added, wherever they are', async () => {
    const matrix = await read('test/golden/matrix.json');
    const [release] = matrix['releases'] as readonly object[];
    const later = { ...matrix, mood: 'good', releases: [{ ...release, mood: 'good' }] };

    expect(complaintsOf(later)).toEqual([]);
    expect(complaintsOf(later, 'strict')).not.toEqual([]);
  });

  it.each([
    ['another version', { version: 2 }, 'version: Invalid input: expected 1'],
    ['no releases', { releases: undefined }, 'releases: Invalid input: expected array, received undefined'],
    ['a day that is none', { asOf: 'yesterday' }, 'asOf: Invalid ISO date'],
  ])('refuses %s', async (_, change, complaint) => {
    const matrix = await read('test/golden/matrix.json');

    expect(complaintsOf({ ...matrix, ...change })).toEqual([complaint]);
  });

  it('is of the version that is written', async () => {
    expect(await read('test/golden/matrix.json')).toMatchObject({ version: MATRIX_VERSION });
  });

  it('is published as a JSON Schema that lets keys be added', () => {
    const schema = JSON.parse(matrixJsonSchema()) as { readonly required?: readonly string[] };

    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: {},
      properties: { version: { const: 1 } },
    });
    expect(schema.required).toEqual(['version', 'policy', 'asOf', 'releases', 'evidence']);
  });
});
