import { describe, expect, it } from 'vitest';
import { watcherOf } from '../../../src/commands/view/watcher-of.ts';
import type { Note } from '../../../src/domain/entry.ts';
import { recordedContext } from '../../support/context.ts';
import {
  allPassed,
  batchOf,
  begun,
  cellIn,
  ended,
  errored,
  failed,
  flaky,
  passed,
  planOf,
  started,
  tried,
} from '../../support/live-story.ts';

const plan = planOf('debian-13');

async function watch(options: object, env: Record<string, string> = {}) {
  const context = recordedContext({ env });
  const watcher = await watcherOf(context, options, { run: 'r', plan });
  return { ...context, watcher };
}

async function linesOf(notes: readonly Note[], options: object = {}, env: Record<string, string> = {}) {
  const { watcher, said } = await watch(options, env);
  for (const note of notes) {
    watcher.noted(note);
  }
  await watcher[Symbol.asyncDispose]();
  return said.err.trimEnd().split('\n');
}

describe('a run without a terminal', () => {
  it('is told in lines with their time', async () => {
    const lines = await linesOf([
      started(plan),
      { type: 'phase-ended', batch: batchOf('debian-13'), phase: 'boot', ms: 34_240 },
      begun('debian-13', 0),
      tried('debian-13', 0, failed),
      begun('debian-13', 0, 2),
      tried('debian-13', 0, failed, 2),
      ended('debian-13', 0, failed),
      ended('debian-13', 1, flaky),
    ]);

    expect(lines).toEqual([
      '03:04:05 5 cells of 1 release',
      '03:04:05 debian-13/qemu:built: boot took 34.2 s',
      '03:04:05 debian-13/host/host.cpu: again, as it failed: read /proc/cpuinfo: no svm',
      '03:04:05 debian-13/host/host.cpu: failed: read /proc/cpuinfo: no svm, 1.5 s (1 of 5 cells)',
      '03:04:05 debian-13/host/host.kvm: passed, but flaky: red on one clone, green on the next, 1.5 s (2 of 5 cells)',
    ]);
  });

  it('says at a release’s end how its cells came out', async () => {
    const lines = await linesOf([...allPassed('debian-13').slice(1), ended('debian-13', 0, failed)]);

    expect(lines.at(-1)).toBe('03:04:05 debian-13/qemu:built: 4 passed, 1 failed in 0 s; 5 of 5 cells');
  });

  it('says which long phase begins, and what is said of it', async () => {
    const { watcher, said } = await watch({});
    watcher.began(batchOf('debian-13'), 'boot');
    watcher.began(batchOf('debian-13'), 'probe');
    watcher.said('2 machines at a time');
    watcher.said('debian-13: making the disk', batchOf('debian-13'));

    expect(said.err).toBe(
      '03:04:05 debian-13/qemu:built: boot\n03:04:05 2 machines at a time\n03:04:05 debian-13/qemu:built: making the disk\n',
    );
  });

  it('says nothing of what commands print, unless asked to', async () => {
    const { watcher, said } = await watch({});
    watcher.heard(cellIn('debian-13', 0), 'hello\n');

    expect(said.err).toBe('');
  });

  it('says what commands print with their cell’s name once several have run at once, in whole lines', async () => {
    const { watcher, said } = await watch({ verbose: true });
    watcher.noted(begun('debian-13', 0));
    watcher.heard(cellIn('debian-13', 0), 'alone\nfirst ');
    watcher.noted(begun('debian-13', 1));
    watcher.heard(cellIn('debian-13', 1), 'other \u001b[31mred\u001b[0m\r\n');
    watcher.heard(cellIn('debian-13', 0), 'half\nno end');
    watcher.noted(tried('debian-13', 0, passed));

    expect(said.err).toBe(
      [
        '| alone',
        'debian-13/host/host.kvm | other red',
        'debian-13/host/host.cpu | first half',
        'debian-13/host/host.cpu | no end',
        '',
      ].join('\n'),
    );
  });
});

describe('a quiet run', () => {
  it('is told of by what went wrong, each thing once', async () => {
    const lines = await linesOf(
      [
        started(plan),
        ended('debian-13', 0, failed),
        ended('debian-13', 1, errored),
        ended('debian-13', 2, errored),
        ended('debian-13', 3, flaky),
      ],
      { quiet: true },
    );

    expect(lines).toEqual([
      'debian-13/host/host.cpu: failed: read /proc/cpuinfo: no svm',
      'debian-13/host/host.kvm: errored in clone: no answer within 12 s',
    ]);
  });
});

describe('a run in GitHub Actions', () => {
  const env = { GITHUB_ACTIONS: 'true' };

  it('annotates what went wrong at once, and folds each batch away when it is settled', async () => {
    const lines = await linesOf(
      [started(plan), ended('debian-13', 0, failed), ...allPassed('debian-13').slice(1)],
      {},
      env,
    );

    expect(lines).toEqual([
      '03:04:05 5 cells of 1 release',
      '::error title=debian-13/host/host.cpu::failed: read /proc/cpuinfo: no svm',
      '::group::debian-13/qemu:built: 4 passed, 1 failed in 0 s (5 of 5 cells)',
      '03:04:05 debian-13/host/host.cpu: failed: read /proc/cpuinfo: no svm, 1.5 s (1 of 5 cells)',
      '03:04:05 debian-13/host/host.kvm: passed, 1.5 s (2 of 5 cells)',
      '03:04:05 debian-13/runc/control.runc: passed, 1.5 s (3 of 5 cells)',
      '03:04:05 debian-13/qemu/vmm.qemu.boot: passed, 1.5 s (4 of 5 cells)',
      '03:04:05 debian-13/clh/kata.uname: passed, 1.5 s (5 of 5 cells)',
      '03:04:05 debian-13/qemu:built: 4 passed, 1 failed in 0 s; 5 of 5 cells',
      '::endgroup::',
    ]);
  });

  it('ends every group that it began, also of a batch that came to no end', async () => {
    const lines = await linesOf([started(plan), ended('debian-13', 1, passed)], {}, env);

    expect(lines.slice(1)).toEqual([
      '::group::debian-13/qemu:built: not at its end',
      '03:04:05 debian-13/host/host.kvm: passed, 1.5 s (1 of 5 cells)',
      '::endgroup::',
    ]);
  });

  it('takes no command from a guest', async () => {
    const { watcher, said } = await watch({ verbose: true }, env);
    watcher.noted(begun('debian-13', 0));
    watcher.heard(
      cellIn('debian-13', 0),
      '::set-output name=a::b\n  ::error::c\nx ##[add-mask]d\r::endgroup::\n',
    );
    watcher.said('::warning::e');
    watcher.said('##[group]f', batchOf('debian-13'));
    await watcher[Symbol.asyncDispose]();

    const commands = said.err.split('\n').filter((line) => /^\s*::|##\[/.test(line));
    expect(commands).toEqual(['::group::debian-13/qemu:built: not at its end', '::endgroup::']);
    expect(said.err).toContain('| ::set-output name=a::b\n');
  });

  it('is quiet but for annotations where that is asked for', async () => {
    expect(await linesOf([started(plan), ended('debian-13', 0, failed)], { quiet: true }, env)).toEqual([
      '::error title=debian-13/host/host.cpu::failed: read /proc/cpuinfo: no svm',
    ]);
  });
});
