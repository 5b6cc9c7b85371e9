import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classes, classOf } from '../../../src/diagnose/classes.ts';
import { facilities } from '../../../src/diagnose/facilities.ts';
import { known } from '../../../src/diagnose/known.ts';
import { patterns } from '../../../src/diagnose/patterns.ts';
import { root } from '../../support/farm.ts';
import { caseOf, readingsOf } from './cases.ts';
import { greenLog } from './green-log.ts';
import { samples } from './samples.ts';

describe('words of a failure', () => {
  it.for(samples)('are of kind %s: %s', ([kind, said, scenario = 'kata.uname', red]) => {
    const one = caseOf({ scenario, says: said });

    const { row } = known(one, readingsOf(red === undefined ? {} : { [red]: 'red' }));

    expect(row?.id).toBe(kind);
  });

  it.for(samples.flatMap((sample) => (sample[3] === undefined ? [] : [sample])))(
    'need the machine to show it, or are not of kind %s: %s',
    ([kind, said, scenario = 'kata.uname']) => {
      expect(known(caseOf({ scenario, says: said }), readingsOf()).row?.id).not.toBe(kind);
    },
  );
});

describe('every pattern', () => {
  it.each(patterns)('says who prints it: $class by $prints', ({ class: kind, prints, confirm }) => {
    expect(prints).toMatch(/^[a-z][\w-]*( \d[\d.]*)? [\w./-]+/i);
    expect(classOf(kind)?.id).toBe(kind);
    expect([undefined, ...facilities.map(({ id }) => id)]).toContain(confirm);
  });

  it('names a file of this project that is there', async () => {
    const ours = [...new Set(patterns.map(({ prints }) => prints))].filter((prints) =>
      prints.startsWith('katafarm '),
    );

    expect(ours).not.toEqual([]);
    await Promise.all(ours.map((prints) => readFile(join(root, prints.slice('katafarm '.length)))));
  });

  it('leaves the log of a green run alone', () => {
    const wrong = patterns.flatMap(({ class: kind, match, cells, confirm }) =>
      cells || confirm ? [] : greenLog.filter((line) => match.test(line)).map((line) => [kind, line]),
    );

    expect(wrong).toEqual([]);
  });

  it('has a line among the samples', () => {
    const spoken = new Set(samples.map(([kind]) => kind));

    expect(
      [...new Set(patterns.map((pattern) => pattern.class))].filter((kind) => !spoken.has(kind)),
    ).toEqual([]);
  });
});

describe('every class', () => {
  it('has one row', () => {
    const ids = classes.map(({ id }) => id);

    expect(ids).toEqual([...new Set(ids)]);
  });

  it('that a scenario names has a row', async () => {
    const { stdout } = await promisify(execFile)('grep', [
      '-rhoE',
      "(fail_as|classed[(]|class:) '?[a-z]+(-[a-z]+)+",
      join(root, 'scenarios'),
    ]);
    const named = [
      ...new Set(
        stdout
          .trim()
          .split('\n')
          .map((line) => line.replace(/^.*?['( ]+/, '').replace("'", '')),
      ),
    ];

    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((id) => !classOf(id))).toEqual([]);
  });

  it('that a facility explains or stands for has a row', () => {
    const named = facilities.flatMap(({ explains, class: own }) => [own, ...explains]);

    expect(named.filter((id) => !classOf(id))).toEqual([]);
  });
});

describe('the words that scenarios look for in the machine', () => {
  const library = join(root, 'scenarios/parts/kata-class.sh');
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'in-step-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are of classes that have a pattern here', async () => {
    const text = await readFile(library, 'utf8');
    const named = [...text.matchAll(/^([a-z-]+): \S/gm)].map(([, id = '']) => id);

    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((id) => !patterns.some((pattern) => pattern.class === id))).toEqual([]);
  });

  it('are of the same class here', async () => {
    const said = samples.filter(([, , scenario]) => scenario === undefined || scenario.startsWith('kata.'));
    const script = `. ${library}; i=0; while [ -e $i.log ]; do echo "$i $(kata_class $i.log)"; i=$((i + 1)); done`;
    await Promise.all(said.map(([, text], index) => writeFile(join(folder, `${index}.log`), `${text}\n`)));

    const { stdout } = await promisify(execFile)('/bin/sh', ['-euc', script], { cwd: folder });

    const there = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '');
    const other = said.flatMap(([kind, text], index) =>
      there[index] === '' || there[index] === kind ? [] : [[there[index], kind, text]],
    );
    expect(there.filter((id) => id !== '').length).toBeGreaterThan(20);
    expect(other).toEqual([]);
  }, 60_000);
});
