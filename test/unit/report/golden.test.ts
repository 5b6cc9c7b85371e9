import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { matrixOf } from '../../../src/domain/matrix.ts';
import { replay } from '../../../src/domain/run.ts';
import { parseJournal } from '../../../src/journal/parse.ts';
import { consoleSummary } from '../../../src/report/console.ts';
import { formats, render } from '../../../src/report/reports.ts';
import { supportPage } from '../../../src/report/support-page.ts';

const golden = join(import.meta.dirname, '../../golden');
const run = replay(parseJournal(await readFile(join(golden, 'four-releases.jsonl'), 'utf8')));
const [junit = '', summary = '', matrix = ''] = render(run).map(({ text }) => text);
const console = consoleSummary(run, {
  color: false,
  columns: 100,
  folder: 'reports/runs/20261121-2225-b0a7/',
});
const support = supportPage(matrixOf([run], { today: '2026-11-22' }));

describe('every report, byte for byte', () => {
  it.each([
    ['junit.xml', junit],
    ['summary.md', summary],
    ['matrix.json', matrix],
    ['console.txt', console],
    ['SUPPORT.md', support],
  ])('%s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(join(golden, name));
  });

  it('comes out the same a second time, in any selection', () => {
    expect(render(run)).toEqual(formats.flatMap((format) => render(run, [format])));
  });
});

describe('hostile text of a guest', () => {
  it.each([
    ['junit.xml', junit],
    ['summary.md', summary],
    ['matrix.json', matrix],
    ['console.txt', console],
    ['SUPPORT.md', support],
  ])('brings no control character into %s', (_, text) => {
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it.each([
    ['summary.md', summary],
    ['SUPPORT.md', support],
  ])('opens no tag and no table cell in %s', (_, text) => {
    const outside = text.replaceAll(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '');
    const widths = [...outside.matchAll(/(?:^\|.*\n?)+/gm)].map(
      ([table]) =>
        new Set(
          table
            .trim()
            .split('\n')
            .map((row) => row.split('|').length),
        ).size,
    );

    expect(outside).not.toMatch(/<[a-z/]/i);
    expect(widths.length).toBeGreaterThan(0);
    expect(new Set(widths)).toEqual(new Set([1]));
  });

  it('colours a summary without letting the guest colour it', () => {
    const coloured = consoleSummary(run, { color: true, columns: 0, folder: '.' });

    const ours = [0, 1, 2, 31, 32, 33].map((code) => `\u001b[${code}m`);
    const rest = ours.reduce((text, sequence) => text.replaceAll(sequence, ''), coloured);

    expect(rest).toBe(consoleSummary(run, { color: false, columns: 0, folder: '.' }));
  });
});

describe('junit.xml', () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
  });
  const suites: readonly Suite[] = parser.parse(junit).testsuites.testsuite;
  const suite = (name: string) => suites.find((one) => one.name === name);
  const test = (id: string) => {
    const cut = id.lastIndexOf('/');
    return suite(id.slice(0, cut))?.testcase.find(({ name }) => name === id.slice(cut + 1));
  };

  it('is well formed', () => {
    expect(XMLValidator.validate(junit)).toBe(true);
  });

  it('has one suite a release and stack, each with its counts', () => {
    expect(suites).toHaveLength(24);
    expect(suite('debian-13/host')).toMatchObject({ tests: '8', failures: '1', errors: '2', skipped: '0' });
  });

  it('has versions, digests and the speed class as properties', () => {
    const properties = suite('debian-13/qemu')?.properties.property ?? [];

    expect(properties).toEqual(
      expect.arrayContaining([
        { name: 'speed', value: 'tcg+svm' },
        { name: 'qemu.version', value: '10.0.6' },
        { name: 'qemu.sha256', value: '9f'.repeat(32) },
        { name: 'deviation.1', value: 'left out: qemu-system-gui' },
      ]),
    );
  });

  it('calls a verdict a failure, by step and message, with its detail whole', () => {
    expect(test('debian-13/host/host.limits')?.failure).toMatchObject({
      type: 'read the limits `of` <systemd>',
      message: expect.stringContaining('<script>alert("x")</script> | a `fence` ]]>'),
      '#text': expect.stringContaining('</system-out>]]> twice ]]>\n<img src=x onerror=alert(1)>'),
    });
  });

  it("calls the farm's own trouble an error, by its phase, and a cell that was not run one as well", () => {
    expect(test('debian-13/host/host.lsm')?.error).toMatchObject({ type: 'clone' });
    expect(test('debian-13/host/host.devices')?.error).toMatchObject({ type: 'missing' });
  });

  it('says why something was skipped or blocked', () => {
    expect(test('debian-12/qemu/vmm.virtiofs.mount')?.skipped).toMatchObject({
      message: 'blocked by debian-12/qemu/vmm.virtiofsd.start',
    });
    expect(test('debian-12/firecracker/vmm.firecracker.boot')?.skipped).toMatchObject({
      message: 'not packaged by this distro: no firecracker',
    });
  });
});

interface Suite {
  readonly name: string;
  readonly properties: { readonly property: readonly object[] };
  readonly testcase: readonly (Readonly<Record<'failure' | 'error' | 'skipped', object | undefined>> & {
    readonly name: string;
  })[];
}
