import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classes, classOf, patterns, rows, tableOf } from '../../../src/diagnose/classes.ts';
import { facilities } from '../../../src/diagnose/facilities.ts';
import type { FailureClass } from '../../../src/diagnose/failure-class.ts';
import { known } from '../../../src/diagnose/known.ts';
import { redFacilities } from '../../../src/diagnose/red-facilities.ts';
import { ofTable } from '../../../src/diagnose/table.ts';
import { ofFacilities } from '../../../src/diagnose/verdicts.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import { root } from '../../support/farm.ts';
import { caseOf, readingsOf } from './cases.ts';
import { greenLog } from './green-log.ts';
import { type More, samples } from './samples.ts';

const inOf = (more?: More): ScenarioId => more?.in ?? 'kata.uname';
const redIn = (more?: More) => readingsOf(more?.red === undefined ? {} : { [more.red]: 'red' });

describe('words of a failure', () => {
  it.for(samples)('are of kind %s: %s', ([kind, says, more]) => {
    const { row } = known(caseOf({ scenario: inOf(more), says }), redIn(more));

    expect(row?.id).toBe(kind);
  });

  it.for(samples.filter(([, , more]) => more?.red !== undefined))(
    'need the machine to show it, or are not of kind %s: %s',
    ([kind, says, more]) => {
      expect(known(caseOf({ scenario: inOf(more), says }), readingsOf()).row?.id).not.toBe(kind);
    },
  );
});

describe('the lines of a kind of failure', () => {
  const refusal =
    'kata[912]: qemu stderr: "qemu-system-x86_64: -device vhost-user-fs-pci: no such queue size"';
  const followed = "kata[912]: couldn't initialise QMP: timed out waiting for QMP ready: qmp.sock";

  it.for([
    ['the scenario names it', 'vmm-exited', { class: 'vmm-exited' }],
    ['its words are in the message', 'vmm-exited', { says: 'timed out waiting for QMP ready: qmp.sock' }],
    ['the message only follows from it', 'shim-start', { says: 'failed to start shim: exit status 1' }],
  ] as const)('have what QEMU itself said among them, where %s', ([, kind, told]) => {
    const { row, evidence } = known(caseOf({ ...told, lines: [...Array(9).fill(followed), refusal] }));

    expect(row?.id).toBe(kind);
    expect(evidence.map(({ text }) => text)).toContain(refusal);
    expect(evidence).toHaveLength(5);
  });
});

describe('words that only look like it', () => {
  const near = samples.flatMap(([kind, , more]) => (more?.not ? [[kind, more.not, more] as const] : []));

  it.for(near)('are not of kind %s: %s', ([kind, says, more]) => {
    expect(known(caseOf({ scenario: inOf(more), says }), redIn(more)).row?.id).not.toBe(kind);
  });

  it('are told of every class that has words', () => {
    const told = new Set(near.map(([kind]) => kind));

    expect(classes.filter(({ id, words }) => words && !told.has(id)).map(({ id }) => id)).toEqual([]);
  });
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

describe('a new class', () => {
  const row: FailureClass = {
    id: 'guest-clock-stopped',
    title: "the guest's clock stands still",
    blame: 'distro-vmm',
    takes: "the guest's own words",
    swaps: ['vmm'],
    words: [{ match: /clocksource: .* stands still/, prints: 'linux kernel/time/clocksource.c' }],
  };
  const one = caseOf({ says: 'clocksource: kvm-clock stands still' });

  it('is known by its row alone', () => {
    expect(known(one).row).toBeUndefined();

    const kind = known(one, [], tableOf([...rows, row]));

    expect(kind.row).toBe(row);
    expect(kind.because).toEqual(['its words are those of linux kernel/time/clocksource.c']);
    expect(ofTable(one, kind, [])).toMatchObject({
      finding: { component: 'distro-vmm', class: 'guest-clock-stopped', confidence: 'fingerprint' },
    });
  });

  it('is known by words of another row as well', () => {
    const more = { class: row.id, match: /^it fails/, prints: 'linux kernel/time/timekeeping.c' };

    expect(known(caseOf(), [], tableOf([...rows, more, row])).row).toBe(row);
  });

  it('whose words need a facility takes its blame from that', () => {
    const [own] = row.words ?? [];
    const doubtful: FailureClass = {
      ...row,
      blame: 'farm',
      words: own ? [{ ...own, confirm: 'memory' }] : [],
    };
    const readings = readingsOf({ memory: 'there are 3 MiB of memory left' });
    const read = [{ experiment: { kind: 'facilities' }, readings, ms: 1 }] as const;
    const of = tableOf([...rows, doubtful]);
    const kind = known(one, readings, of);

    expect(known(one, readingsOf(), of).row).toBeUndefined();
    expect(ofFacilities(one, kind, redFacilities(one, kind, read))).toMatchObject({
      finding: { component: 'farm', class: 'guest-clock-stopped', confidence: 'table' },
    });
  });

  it.for([
    ['before', 'guest-clock-stopped'],
    ['after', 'guest-panic'],
  ] as const)('that stands %s one whose words are there as well is not mixed up with it', ([place, id]) => {
    const says = 'clocksource: kvm-clock stands still\nKernel panic - not syncing';
    const all = place === 'before' ? [row, ...rows] : [...rows, row];

    expect(known(caseOf({ says }), [], tableOf(all)).row?.id).toBe(id);
  });
});

describe('the example in docs/diagnosis.md', () => {
  it.for([
    [0, 'src/diagnose/classes-vmm.ts'],
    [1, 'test/unit/diagnose/samples.ts'],
  ] as const)('is a real one: block %s is in %s', async ([block, source]) => {
    const bare = (text: string) => text.replaceAll(/\s+/g, ' ');
    const page = await readFile(join(root, 'docs/diagnosis.md'), 'utf8');
    const blocks = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = '']) => bare(text).trim());

    expect(blocks[block]).toBeDefined();
    expect(bare(await readFile(join(root, source), 'utf8'))).toContain(blocks[block]);
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
    const said = samples.filter(([, , more]) => inOf(more).startsWith('kata.'));
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
