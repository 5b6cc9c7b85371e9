import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { matrixOf } from '../../../../src/domain/matrix.ts';
import { evidenceOf } from '../../../../src/domain/observe.ts';
import type { Outcome } from '../../../../src/domain/outcome.ts';
import type { Run } from '../../../../src/domain/run.ts';
import { typedInstall } from '../../../../src/install/managers/table.ts';
import { loadDistros } from '../../../../src/load/load-distros.ts';
import { docsOf } from '../../../../src/report/docs/docs.ts';
import { passed, runLike } from '../../domain/run-like.ts';

const distros = (await loadDistros(resolve(import.meta.dirname, '../../../../distros'))).filter(({ id }) =>
  ['debian-12', 'debian-13'].includes(id),
);
const commands = 'apt-get update\ncargo build --release\nclh/target/release/cloud-hypervisor --version';
const facts = {
  'build.toolchain': 'rustc 1.96.0, cargo 1.96.0',
  'build.source': 'cloud-hypervisor-v51.1.tar.xz',
  'build.source-digest': 'sha256:abc123',
  'build.source-from': 'https://github.com/cloud-hypervisor/cloud-hypervisor',
  'build.seconds': '612',
  'build.result': 'cloud-hypervisor v51.1.0',
  'build.commands': commands,
};
const cell = 'debian-13/host/build.clh';
const tooOld: Outcome = {
  status: 'failed',
  class: 'toolchain-too-old',
  message: 'rustc 1.63.0 is too old for cloud-hypervisor: feature `edition2024` is required',
};

function pagesOf(...runs: readonly Run[]) {
  const matrix = matrixOf(runs, { today: '2026-11-22' });
  const rest = { installs: typedInstall, kata: '4.1.0', osinfoSchema: '{}', knownIssues: [] };
  const all = docsOf({ distros, matrix, ...rest });
  return { of: (path: string) => all.find((one) => one.path === path)?.text ?? '', matrix };
}
const built = (told: Parameters<typeof runLike>[0]) => runLike({ variant: 'docker', ...told });
const good = built({ id: 'b1', on: '2026-11-20', cells: { [cell]: passed }, facts: { [cell]: facts } });

describe('what is built, on the published pages', () => {
  it('shows no command while no scenario has built it', () => {
    const { of } = pagesOf();

    expect(of('distros/debian-13.md')).toContain(
      'No scenario has built cloud-hypervisor, Firecracker there yet, so no commands are shown.',
    );
    expect(of('who-ships.md')).toContain('No published run has built a VMM anywhere yet');
  });

  it('shows the commands of a build that passed as they ran, with its day, toolchain, source and place', () => {
    const page = pagesOf(good).of('distros/debian-13.md');

    expect(page).toContain(`\`\`\`sh\n${commands}\n\`\`\``);
    expect(page).toContain(
      'Last verified 2026-11-20 by rustc 1.96.0, cargo 1.96.0, of cloud-hypervisor-v51.1.tar.xz, sha256:abc123, in a container: its userspace alone (run b1): what came of it says `cloud-hypervisor v51.1.0`, after 10 min of building.',
    );
    expect(page).toContain('No scenario has built Firecracker there yet');
  });

  it('says of a source that was brought that nobody fetched it', () => {
    const brought = { ...facts, 'build.source-from': 'brought' };
    const run = built({ cells: { [cell]: passed }, facts: { [cell]: brought } });

    const page = pagesOf(run).of('distros/debian-13.md');

    expect(page).toContain('(brought by who ran it, not fetched)');
    expect(page).toContain('as root in a folder with nothing but the source in it:');
  });

  it('shows a build that failed as that, and no commands of it', () => {
    const failing = 'debian-12/host/build.clh';
    const run = built({
      cells: { [failing]: [tooOld, tooOld] },
      facts: { [failing]: { 'build.toolchain': 'rustc 1.63.0', 'build.commands': 'sh -c nonsense' } },
    });
    const { of } = pagesOf(run);

    expect(of('distros/debian-12.md')).toContain(
      "cloud-hypervisor could not be built by the distro's own toolchain: rustc 1.63.0 is too old for cloud-hypervisor: feature \\`edition2024\\` is required. Tried 2026-11-21 by rustc 1.63.0",
    );
    expect(of('distros/debian-12.md')).not.toContain('nonsense');
    expect(of('who-ships.md')).toMatch(/Debian 12.* \| cloud-hypervisor \| no: rustc 1\.63\.0 is too old/);
  });

  it('keeps the last good build beside a later failure, and forgets failures of before', () => {
    const failing = (id: string, on: string) =>
      runLike({ id, on, variant: 'qemu:built', cells: { [cell]: [tooOld, tooOld] } });
    const later = pagesOf(good, failing('b3', '2026-11-21')).of('distros/debian-13.md');
    const earlier = pagesOf(failing('b0', '2026-11-19'), good).of('distros/debian-13.md');

    expect(later).toContain('Last verified 2026-11-20');
    expect(later).toContain('Tried 2026-11-21');
    expect(earlier).toContain('Last verified 2026-11-20');
    expect(earlier).not.toContain('could not be built');
  });

  it('names each build beside who ships what', () => {
    expect(pagesOf(good).of('who-ships.md')).toMatch(
      /\[Debian 13 .*\]\(distros\/debian-13\.md\) \| cloud-hypervisor \| yes: cloud-hypervisor v51\.1\.0 \| no \| 2026-11-20/,
    );
  });

  it('has the commands in osinfo, for machines to read', () => {
    const { tested } = parse(pagesOf(good).of('osinfo/debian-13.yaml'));

    expect(tested.builds).toEqual([
      expect.objectContaining({ part: 'cloud-hypervisor', builds: true, commands, on: '2026-11-20' }),
    ]);
  });

  it('is no word of support, whether it passed or not', () => {
    const bad = built({ id: 'b2', cells: { [cell]: [tooOld, tooOld] } });
    const host = runLike({ id: 'n1', cells: { 'debian-13/host/host.boot': passed } });
    const wordOf = (...runs: readonly Run[]) => pagesOf(...runs).matrix.releases[0]?.headline;

    expect(pagesOf(good).matrix.releases).toEqual([]);
    expect(wordOf(host, good)).toEqual(wordOf(host));
    expect(wordOf(host, bad)).toEqual(wordOf(host));
  });

  it('cannot end its block or open a tag by what it says', () => {
    const hostile = { ...facts, 'build.commands': 'a\n```\n<b>', 'build.result': '`<i>' };
    const page = pagesOf(built({ cells: { [cell]: passed }, facts: { [cell]: hostile } })).of(
      'distros/debian-13.md',
    );

    expect(page).toContain('````sh\na\n```\n<b>\n````');
    expect(page).not.toContain('<i>');
  });
});

it('publishes a run without the folder that its source lay in', () => {
  const run = {
    ...good,
    command: ['debian-13', '--source', 'clh=/home/me/clh.tar.xz', '--source', 'qemu=https://h/a/q.tar.xz'],
  };

  expect(evidenceOf(run).runs[0]?.command).toEqual([
    ...['debian-13', '--source', 'clh=clh.tar.xz', '--source', 'qemu=https://h/a/q.tar.xz'],
  ]);
});
