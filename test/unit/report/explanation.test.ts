import { describe, expect, it } from 'vitest';
import type { CellId } from '../../../src/domain/cell.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { replay } from '../../../src/domain/run.ts';
import { explanationOf } from '../../../src/report/explanation.ts';
import { explanationText } from '../../../src/report/explanation-text.ts';
import { testedStacks } from '../../../src/report/tested.ts';
import { diagnosedEntries, nobody, oldVirtiofsd, swapTrials } from '../domain/diagnosed.ts';
import { failedTwice, passed } from '../domain/run-like.ts';

const cell: CellId = 'debian-12/qemu/vmm.virtiofsd.start';

type Told = Parameters<typeof diagnosedEntries>[1];

function explained(
  outcomes: readonly Outcome[] | undefined,
  diagnosis: Partial<Told> = {},
  gathered: Partial<Parameters<typeof explanationOf>[2]> = {},
) {
  const run = replay(diagnosedEntries({ cells: { [cell]: outcomes } }, { cell, ...diagnosis }));
  const [tested] = testedStacks(run).flatMap(({ cells }) => cells);
  if (!tested) {
    throw new Error('there is no such cell');
  }
  return explanationOf(run, tested, { folder: 'reports/runs/night-1', evidence: [], since: {}, ...gathered });
}

const errored: Outcome = { status: 'errored', phase: 'boot', message: 'the machine was lost' };
const blocked: Outcome = { status: 'blocked', by: 'debian-12/runc/control.runc' };
const farms: Finding = { ...nobody, component: 'farm', class: 'too-slow', confidence: 'table' };

describe('each kind of cell gets an honest answer', () => {
  it.each([
    ['named', failedTwice, { finding: oldVirtiofsd }, 'a name can be put to it'],
    ['unknown', failedTwice, { finding: nobody }, 'nobody is named'],
    ['undiagnosed', failedTwice, {}, 'this run made no diagnosis of it'],
    [
      'errored',
      failedTwice,
      { finding: farms },
      'There is no verdict: the trouble is not that of what was tested',
    ],
    ['errored', [errored], {}, 'the farm had trouble of its own'],
    ['blocked', [blocked], {}, 'debian-12/runc/control.runc failed, which it rests on'],
    ['missing', undefined, {}, 'never ran to its end'],
    ['flaky', [{ status: 'passed', flaky: true }], {}, 'red on one clone and green on the next'],
    ['green', passed, {}, 'nothing to explain'],
  ] as const)('%s', (answer, outcomes, diagnosis, says) => {
    const told = explained(outcomes, diagnosis);

    expect(told.answer).toBe(answer);
    expect(told.says).toContain(says);
    expect(explanationText(told)).toContain(says);
  });

  it('invents nobody where nothing was found', () => {
    const text = explanationText(explained(failedTwice));

    expect(text).not.toContain('whose fault');
    expect(text).not.toContain('because');
  });
});

describe('what to do next', () => {
  const commands = (told: ReturnType<typeof explained>) => told.next.map(({ command }) => command);

  it('is a report, a machine and more experiments where somebody is named', () => {
    expect(commands(explained(failedTwice, { finding: oldVirtiofsd }))).toEqual([
      './katafarm bug debian-12/qemu/vmm.virtiofsd.start --run reports/runs/night-1',
      './katafarm shell debian-12',
      './katafarm investigate debian-12/qemu/vmm.virtiofsd.start --run reports/runs/night-1',
      './katafarm run debian-12 --stack qemu --scenario vmm.virtiofsd.start --kata none',
    ]);
  });

  it('is to try more before anything is sent, where nobody is', () => {
    expect(commands(explained(failedTwice, { finding: nobody }))[0]).toContain('investigate');
  });

  it('leads to the control that blocked it', () => {
    expect(commands(explained([blocked]))[0]).toBe(
      './katafarm explain debian-12/runc/control.runc --run reports/runs/night-1',
    );
  });

  it('goes into the machine that was kept', () => {
    const told = explained(failedTwice, { finding: oldVirtiofsd, facts: { kept: 'kept-1' } });

    expect(commands(told)[1]).toBe(
      './katafarm shell --run reports/runs/night-1 --cell debian-12/qemu/vmm.virtiofsd.start',
    );
  });

  it('is nothing for what is green', () => {
    expect(explained(passed).next).toEqual([]);
  });
});

describe('the text', () => {
  it('has whose fault it is in words, with what the name rests on', () => {
    const text = explanationText(explained(failedTwice, { finding: oldVirtiofsd }));

    expect(text).toContain("distro-virtiofsd: the release's virtiofsd");
    expect(text).toMatch(/rests on +swap: on fresh clones it is red as it is, green with this one part/);
    expect(text).toMatch(/the thing itself +qemu-system-common 1:7\.2\+dfsg-7/);
    expect(text).toMatch(/who mends it +debian-12's maintainers of qemu-system-common/);
    expect(text).toContain('  1. it ended at once\n  2. with the virtiofsd of Kata');
  });

  it('has the experiments as a truth table', () => {
    const text = explanationText(explained(failedTwice, { finding: oldVirtiofsd, trials: swapTrials }));
    const rows = text.split('\n').filter((line) => /^ {2}[AB ] {2}\S/.test(line));

    expect(rows.map((row) => row.replace(/ {2,}/g, ' | ').trim())).toEqual([
      '| A | as it is | red | no token',
      '| A | as it is, on another clone | red | no token',
      '| B | virtiofsd replaced by the virtiofsd of Kata 4.1.0 | green',
      '| A | as it is, again | red | invalid argument',
    ]);
  });

  it('has those of the cell that was looked into for this one as well, and says so', () => {
    const other: CellId = 'debian-12/qemu/vmm.virtiofs.mount';
    const because = [`it failed as ${cell} did`, 'with another virtiofsd it was green'];
    const entries = diagnosedEntries(
      { cells: { [cell]: failedTwice, [other]: failedTwice } },
      { cell, trials: swapTrials, finding: oldVirtiofsd },
    );
    const at = entries[0]?.at ?? '';
    const run = replay([
      ...entries,
      { at, type: 'finding-made', cell: other, finding: { ...oldVirtiofsd, because } },
    ]);
    const tested = testedStacks(run)
      .flatMap(({ cells }) => cells)
      .find((one) => one.cell.id === other);
    const told = tested && explanationOf(run, tested, { folder: '.', evidence: [], since: {} });

    expect(told?.lookedInto).toBe(cell);
    expect(told?.trials.map(({ came }) => came)).toEqual(['red', 'red', 'green', 'red']);
    expect(told && explanationText(told)).toContain(`what follows its own attempts was tried on ${cell}\n`);
  });

  it('tells of facilities by those that do not work, and of experiments that gave no answer', () => {
    const text = explanationText(
      explained(failedTwice, {
        trials: [
          {
            experiment: { kind: 'facilities' },
            readings: [
              { facility: 'tun', ok: true, said: 'ok' },
              { facility: 'vhost-vsock', ok: false, said: 'no such device' },
              { facility: 'cgroup2', said: 'no tool' },
            ],
            ms: 1,
          },
          { experiment: { kind: 'mend', facility: 'vhost-vsock' }, outcome: { status: 'errored' }, ms: 1 },
        ],
      }),
    );

    expect(text).toMatch(/by use +1 work, 1 do not, 1 could not be tried +vhost-vsock: no such device/);
    expect(text).toMatch(/B {2}vhost-vsock put right +no answer \(errored\)/);
  });

  it('shows evidence in its place, and says where a file is gone', () => {
    const text = explanationText(
      explained(
        failedTwice,
        { finding: oldVirtiofsd },
        {
          evidence: [
            {
              file: 'cells/a/1/transcript.txt',
              lines: [
                { number: 9, text: '  before', speaks: false },
                { number: 10, text: 'fuse: invalid', speaks: true },
              ],
            },
            { file: 'b.log', lines: [{ number: 3, text: 'gone', speaks: true }], missing: 'it is gone' },
          ],
        },
      ),
    );

    expect(text).toContain(
      '  cells/a/1/transcript.txt:10\n       9 |   before\n    > 10 | fuse: invalid\n  b.log:3 (it is gone)\n    > 3 | gone\n',
    );
  });

  it('lets no guest speak to the terminal', () => {
    const evil = 'red \u001b[31m\u0007\u202e\u009b2J end';
    const text = explanationText(
      explained(
        [{ status: 'failed', step: evil, message: `${evil}\nnext` }],
        {
          finding: {
            ...oldVirtiofsd,
            provenance: evil,
            mender: evil,
            class: evil,
            because: [evil, `two\nlines ${evil}`],
            versions: { [evil]: evil },
          },
          trials: [
            {
              experiment: { kind: 'mend', facility: evil },
              outcome: { status: 'failed', message: evil },
              ms: 1,
            },
          ],
          files: [`cells/${cell}/1/${evil}`],
        },
        {
          evidence: [
            { file: evil, lines: [{ number: 1, text: `${evil}\r\n`, speaks: true }], missing: 'gone' },
          ],
        },
      ),
    );

    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(text).toContain('two lines red');
  });

  it('says since when it is red, and that a later run was green', () => {
    const seen = (run: string, at: string) => ({ run, at, versions: {} });
    const text = explanationText(
      explained(
        failedTwice,
        {},
        {
          since: {
            firstRed: seen('two', '2026-11-20T22:00:00.000Z'),
            lastGreen: seen('one', '2026-11-19T22:00:00.000Z'),
          },
          greenSince: 'three',
        },
      ),
    );

    expect(text).toContain('Red since 2026-11-20 (run two); last green on 2026-11-19 (run one).');
    expect(text).toContain('A later run saw it green: three.');
  });
});
