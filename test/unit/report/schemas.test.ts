import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { matrixOf } from '../../../src/domain/matrix.ts';
import { matrixText } from '../../../src/report/json.ts';
import { catalogue, greatNight, siteLike, threeNights } from '../../support/site.ts';

/** What other programs check our files with: a validator that knows nothing of the library that the schemas are made by. */
const root = resolve(import.meta.dirname, '../../..');
const json = async (path: string) => JSON.parse(await readFile(join(root, path), 'utf8'));

async function validator(schema: string) {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  formats.default(ajv);
  const validate = ajv.compile(await json(schema));
  return (value: unknown) => {
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

describe('matrix.schema.json', async () => {
  const faultsIn = await validator('reports/matrix.schema.json');
  const whole = JSON.parse(matrixText(siteLike(threeNights()).matrix));

  it('holds for what is published', async () => {
    expect(faultsIn(await json('reports/matrix.json'))).toEqual([]);
  });

  it('holds for nights with reds, flakes and releases past their end, and for a great many', () => {
    const great = matrixOf([greatNight(catalogue.slice(0, 5), 6, 30)], { today: '2026-11-22' });

    expect(faultsIn(whole)).toEqual([]);
    expect(faultsIn(JSON.parse(matrixText(great)))).toEqual([]);
  });

  it.each([
    ['a version of tomorrow', { ...whole, version: 2 }, '/version'],
    ['a day that is none', { ...whole, asOf: '2026-02-30' }, '/asOf'],
    ['no evidence', { ...whole, evidence: undefined }, "must have required property 'evidence'"],
    ['a word of nobody', { ...whole, releases: whole.releases.map(spoilt) }, '/releases/0/stacks/0/word'],
  ])('does not hold for %s', (_, value, complaint) => {
    expect(faultsIn(JSON.parse(JSON.stringify(value))).join('\n')).toContain(complaint);
  });
});

describe.each([
  ['distro.schema.json, which editors check with', 'distros/distro.schema.json', 'distros', 30],
  ['osinfo.schema.json', 'reports/osinfo/osinfo.schema.json', 'reports/osinfo', 60],
])('%s', async (_, schema, folder, least) => {
  const faultsIn = await validator(schema);

  it(`holds for every release in ${folder}`, async () => {
    const files = (await readdir(join(root, folder))).filter((name) => name.endsWith('.yaml'));
    const faults = await Promise.all(
      files.map(async (name) => {
        const text = await readFile(join(root, folder, name), 'utf8');
        return faultsIn(parse(text)).map((fault) => `${name}: ${fault}`);
      }),
    );

    expect(files.length).toBeGreaterThan(least);
    expect(faults.flat()).toEqual([]);
  });
});

function spoilt(release: { readonly stacks: readonly object[] }) {
  return { ...release, stacks: release.stacks.map((stack) => ({ ...stack, word: 'perfect' })) };
}
