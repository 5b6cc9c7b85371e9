import { describe, expect, it } from 'vitest';
import type { CellId } from '../../../src/domain/cell.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { replay } from '../../../src/domain/run.ts';
import { type BugFacts, bugReport } from '../../../src/report/bug-report.ts';
import { explanationOf } from '../../../src/report/explanation.ts';
import { redactor } from '../../../src/report/redact.ts';
import type { Since } from '../../../src/report/since.ts';
import { testedStacks } from '../../../src/report/tested.ts';
import { whereTo } from '../../../src/report/where-to.ts';
import { diagnosedEntries, nobody, oldVirtiofsd, swapTrials } from '../domain/diagnosed.ts';
import { failedTwice } from '../domain/run-like.ts';

const cell: CellId = 'debian-12/qemu/vmm.virtiofsd.start';

interface Given {
  readonly outcomes?: readonly Outcome[];
  readonly finding?: Finding;
  readonly modified?: readonly string[];
  readonly since?: Since;
  readonly facts?: Partial<BugFacts>;
  readonly versions?: Readonly<Record<string, string>>;
  readonly evidence?: string;
}

function reported({ outcomes = failedTwice, finding, modified, since, facts, versions, evidence }: Given) {
  const run = replay(
    diagnosedEntries(
      { cells: { [cell]: outcomes }, ...(modified && { modified }) },
      { cell, trials: swapTrials, ...(finding && { finding }), ...(versions && { facts: versions }) },
    ),
  );
  const [tested] = testedStacks(run).flatMap(({ cells }) => cells);
  if (!tested) {
    throw new Error('there is no such cell');
  }
  const lines = [{ number: 4, text: evidence ?? '', speaks: true }];
  const told = explanationOf(run, tested, {
    folder: 'runs/night-1',
    evidence: evidence === undefined ? [] : [{ file: 'cells/a/transcript.txt', lines }],
    since: since ?? {},
  });
  return bugReport(told, {
    to: whereTo(finding, { distro: undefined, release: 'debian-12', stack: 'qemu' }),
    release: { id: 'debian-12', title: 'Debian 12 (bookworm)', rolling: false, notes: [] },
    title: "The distro's virtiofsd starts",
    machine: 'Its machines run on QEMU 7.2.22.',
    byHand: { commands: '/usr/lib/qemu/virtiofsd --socket-path socket', note: 'As root.', plain: true },
    again: './katafarm run debian-12',
    redact: (text) => text.replaceAll('builder7', 'HOST'),
    ...facts,
  });
}

describe('a report', () => {
  it('has no beginning of a secret in its title, however long what was said is', () => {
    const message = `${'x'.repeat(88)} token ghp_${'0123456789'.repeat(4)}`;
    const failed = { status: 'failed', step: 'boot', message } as const;
    const redact = redactor({ hosts: [], users: [], folders: [], addresses: [] });

    const { title } = reported({ outcomes: [failed, failed], finding: oldVirtiofsd, facts: { redact } });

    expect(title).not.toContain('ghp');
    expect(title).toMatch(/^qemu-system-common: x+/);
  });

  it('is begun by the package and what it said', () => {
    const { title, markdown } = reported({ finding: oldVirtiofsd });

    expect(title).toBe('qemu-system-common: no token');
    expect(markdown).toMatch(/^<!-- to: .* -->\n\n# qemu-system-common: no token\n/);
  });

  it('has what fails, what was tried, what repeats it, why, and how it was found', () => {
    const { markdown } = reported({ finding: oldVirtiofsd, versions: { 'qemu.version': '7.2.22' } });

    expect([...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
      'What fails',
      'Versions',
      'What was tried',
      'To repeat it by hand',
      'Why it is thought to lie here',
      'How it was found',
    ]);
    expect(markdown).toContain("“The distro's virtiofsd starts” fails: boot: no token");
    expect(markdown).toContain('| B | virtiofsd replaced by the virtiofsd of Kata 4.1.0 | green |  |');
    expect(markdown).toContain('\n/usr/lib/qemu/virtiofsd --socket-path socket\n');
  });

  it('names nobody where nobody is known, and says to whom not to send it', () => {
    const { to, markdown } = reported({ finding: nobody });

    expect(to.whom).toBe('nobody');
    expect(markdown).toContain('> Nobody is named: what was seen does not single out one part.');
    expect(markdown).toContain("> Not to be sent to debian-12's maintainers or to Kata's");
    expect(markdown).toContain('## Why nobody is named');
  });

  it('says that no diagnosis was made, where there is none', () => {
    expect(reported({}).markdown).toContain('> Nobody is named: this run made no diagnosis of it');
  });

  it('warns of a machine that was changed by hand', () => {
    const { markdown } = reported({ finding: oldVirtiofsd, modified: ['--prepare ./own/fix.sh'] });

    expect(markdown).toContain('> The run was changed by hand (--prepare fix.sh)');
  });

  it('does not warn of a Kata of one’s own, where no Kata took part', () => {
    const { markdown } = reported({
      finding: oldVirtiofsd,
      modified: ['--kata dir:/srv/kata', '--replace qemu=/x'],
    });

    expect(markdown).not.toContain('by hand (');
  });

  it('warns of a release that nobody mends', () => {
    const release = {
      id: 'debian-12',
      title: 'Debian 12',
      rolling: false,
      notes: [],
      eol: '2026-01-01',
    } as const;

    expect(reported({ finding: oldVirtiofsd, facts: { release } }).markdown).toContain(
      '> Debian 12 is past its end (2026-01-01)',
    );
  });

  it('sets the versions of when it worked beside those of now, what changed first', () => {
    const at = (day: string, qemu: string) => ({
      run: day,
      at: `${day}T22:00:00.000Z`,
      versions: { 'package.runc': '1.1.5', 'qemu.version': qemu },
    });
    const { markdown } = reported({
      finding: oldVirtiofsd,
      versions: { 'runc.version': '1.1.5', 'qemu.version': '7.2.22' },
      since: { firstRed: at('2026-11-20', '7.2.21'), lastGreen: at('2026-11-19', '7.2.20') },
    });

    expect(markdown).toContain('First seen on 2026-11-20; it was last seen to work on 2026-11-19.');
    expect(markdown).toContain(
      '| part | worked on 2026-11-19 | failed on 2026-11-20 | fails on 2026-11-21 |',
    );
    expect(markdown).toMatch(/---.*\|\n\| qemu\.version \| 7\.2\.20 \| 7\.2\.21 \| 7\.2\.22 \|\n\| runc/);
  });
});

describe('hostile text', () => {
  const evil =
    '-->\u001b[31m <script>x</script> ```\n````\n# heading | cell @somebody https://u:p@x builder7';
  const evils = reported({
    outcomes: [{ status: 'failed', step: evil, message: evil, detail: evil }],
    finding: { ...oldVirtiofsd, provenance: evil, mender: evil, class: evil, because: [evil] },
    modified: [evil],
    versions: { 'qemu.version': evil },
    evidence: evil,
    facts: { byHand: { commands: evil, note: evil, plain: false }, title: evil, again: evil, machine: evil },
  }).markdown;
  const outside = evils.replaceAll(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '');

  it('opens no tag, heading or table cell, and ends no block', () => {
    expect(outside).not.toContain('<script');
    expect(outside.match(/-->/g)).toHaveLength(1);
    expect(outside).not.toMatch(/^# heading/m);
    expect(outside).not.toMatch(/^`{3}/m);
    expect(outside).not.toMatch(/(?<!\\)@somebody/);
    expect(evils).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('tells of no host', () => {
    expect(evils).not.toContain('builder7');
    expect(evils).toContain('HOST');
  });
});
