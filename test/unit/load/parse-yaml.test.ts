import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseYaml } from '../../../src/load/parse-yaml.ts';

const claim = z.union([
  z.strictObject({ package: z.string(), path: z.string() }),
  z.strictObject({ 'not-packaged': z.string() }),
]);

const Release = z.strictObject({
  title: z.string(),
  lsm: z.enum(['apparmor', 'selinux']),
  parts: z.strictObject({ qemu: claim }),
  notes: z.array(z.string()).default([]),
});

const right = [
  'title: Debian 13',
  'lsm: apparmor',
  'parts:',
  '  qemu: { package: qemu-system-x86, path: /usr/bin/qemu-system-x86_64 }',
];

const complaintsOf = (text: string) => {
  const parsed = parseYaml('debian-13.yaml', text, Release);
  return 'complaints' in parsed ? parsed.complaints : [];
};

const changed = (line: number, text: string) => right.with(line - 1, text).join('\n');

describe('a YAML file', () => {
  it('becomes a checked value, defaults filled in', () => {
    expect(parseYaml('debian-13.yaml', right.join('\n'), Release)).toMatchObject({
      value: { title: 'Debian 13', notes: [] },
    });
  });

  it.each([
    ['an unknown key, at the key', 'titel: Debian 13', 1, '1:1 unknown key "titel"; did you mean "title"?'],
    [
      'an unknown key of a mapping in a mapping',
      '  qemu: { package: qemu-system-x86, pth: /usr/bin/qemu-system-x86_64 }',
      4,
      '4:37 unknown key "pth"; did you mean "path"?',
    ],
    [
      'a word that is none of those allowed',
      'lsm: aparmor',
      2,
      '2:6 "lsm" cannot be "aparmor"; did you mean "apparmor"?',
    ],
    [
      'a missing key, at its mapping',
      '  qemu: { package: qemu-system-x86 }',
      4,
      '4:3 "parts.qemu.path" is missing',
    ],
    [
      'the other way of a choice',
      '  qemu: { not-packaged: 3 }',
      4,
      '4:25 "parts.qemu.not-packaged" must be text, not 3',
    ],
    ['a value of another kind', 'title: [Debian, 13]', 1, '1:8 "title" must be text, not a list'],
    ['a value that is not there', 'title:', 1, '1:7 "title" must be text, not empty'],
    ['an alias without its anchor', 'title: *name', 1, '1:1 cannot read the YAML: Unresolved alias'],
  ])('is complained of by line and column: %s', (_, text, line, complaint) => {
    const [first, ...others] = complaintsOf(changed(line, text));

    expect(first).toMatch(`debian-13.yaml:${complaint}`);
    expect(others).toEqual([]);
  });

  it('is complained of where the YAML itself is broken', () => {
    expect(complaintsOf('title: "Debian 13\n')[0]).toMatch(/^debian-13\.yaml:\d+:\d+ cannot read the YAML: /);
  });

  it('is complained of in the order of the lines, everything at once', () => {
    const complaints = complaintsOf('notes: 3\ncolour: red\nparts: {}\n');

    expect(complaints).toEqual([
      'debian-13.yaml:1:1 "title" is missing',
      'debian-13.yaml:1:1 "lsm" is missing',
      'debian-13.yaml:1:8 "notes" must be a list, not 3',
      'debian-13.yaml:2:1 unknown key "colour"; there are title, lsm',
      'debian-13.yaml:3:1 "parts.qemu" is missing',
    ]);
  });

  it.each(['', '\n', '# nothing\n'])('is said to be empty: %j', (text) => {
    expect(complaintsOf(text)).toEqual(['debian-13.yaml:1:1 the file is empty']);
  });

  it('never throws, and names a place in each complaint, whatever it holds', () => {
    const bits = fc.constantFrom(
      'title',
      'lsm',
      'parts',
      'qemu',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      '"',
      '*a',
      '&a ',
      '? ',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(bits, { maxLength: 30 }).map((all) => all.join('')),
    );

    fc.assert(
      fc.property(texts, (text) => {
        for (const complaint of complaintsOf(text)) {
          expect(complaint).toMatch(/^debian-13\.yaml:[1-9]\d*:[1-9]\d* \S/);
        }
      }),
    );
  });
});
