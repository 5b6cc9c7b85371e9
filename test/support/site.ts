import { resolve } from 'node:path';
import { siteAssets } from '../../src/commands/site-assets.ts';
import { cellOf } from '../../src/domain/cell.ts';
import { chronicleOf } from '../../src/domain/chronicle-of.ts';
import type { Distro, DistroId } from '../../src/domain/distro.ts';
import { exhibited, type FreshExhibit } from '../../src/domain/exhibit.ts';
import type { Finding } from '../../src/domain/finding.ts';
import { type Matrix, matrixOf } from '../../src/domain/matrix.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { Run } from '../../src/domain/run.ts';
import { typedInstall } from '../../src/install/managers/table.ts';
import { loadDistros } from '../../src/load/load-distros.ts';
import { exhibitArtifacts } from '../../src/publish/exhibit-store.ts';
import type { Site } from '../../src/report/site/site.ts';
import { failedTwice, passed, qemuCells, runLike } from '../unit/domain/run-like.ts';

/** The real catalogue. */
export const catalogue = await loadDistros(resolve(import.meta.dirname, '../../distros'));

const assets = await siteAssets();

/** What a site is made of: these runs, and this catalogue or the real one. */
export function siteLike(
  runs: readonly Run[],
  {
    distros = catalogue,
    today = '2026-11-22',
  }: { readonly distros?: readonly Distro[]; readonly today?: string } = {},
): Site {
  const matrix = matrixOf(runs, { today });
  return {
    ...{ distros, assets, knownIssues: [], installs: typedInstall, kata: '4.1.0', osinfoSchema: '' },
    matrix,
    chronicle: chronicleOf(runs),
    exhibits: leftBy(runs, matrix).exhibits,
  };
}

/** What the reds of these runs left, as it is published: each its reasoning, its lines and a text. */
export function leftBy(runs: readonly Run[], { evidence }: Pick<Matrix, 'evidence'>) {
  const fresh = runs.flatMap(({ id, results }) =>
    [...results].map(([cell, { finding }]): FreshExhibit => {
      const { because = [], evidence: lines = [] } = finding ?? {};
      return { cell, run: id, because, evidence: lines, text: 'a transcript' };
    }),
  );
  return exhibitArtifacts(fresh, exhibited(evidence));
}

export const kernelFault: Finding = {
  component: 'distro-kernel',
  class: 'kernel-config',
  confidence: 'table',
  provenance: 'linux-image-amd64 6.1.0-1',
  because: ['its configuration lacks CONFIG_VHOST_VSOCK', 'a guest without it says no token'],
  evidence: [
    {
      file: 'cells/debian-12/qemu/vmm.qemu.boot/2/transcript.txt',
      line: 12,
      text: '# CONFIG_VHOST_VSOCK is not set',
    },
  ],
  versions: {},
};

/** Three nights: debian-13 is green, debian-12 broke last night, debian-11 is past its end, forky is flaky. */
export function threeNights(): readonly Run[] {
  const eol = {
    id: 'debian-11',
    title: 'Debian 11 (bullseye)',
    rolling: false,
    eol: '2026-08-31',
    notes: [],
  } as const;
  const rolling = { id: 'debian-forky', title: 'Debian testing (forky)', rolling: true, notes: [] } as const;
  const plain = (id: DistroId) => ({ id, title: id, rolling: false, notes: [] });
  const flaky: readonly Outcome[] = [
    { status: 'failed', message: 'no token' },
    { status: 'passed', flaky: true },
  ];
  return ['2026-11-19', '2026-11-20', '2026-11-21'].map((on, night) =>
    runLike({
      ...{ id: `night-${night + 1}`, on },
      distros: [eol, plain('debian-12'), plain('debian-13'), rolling],
      batchFacts: { 'package.qemu-system-x86': night === 2 ? '1:7.2-2' : '1:7.2-1', 'image.built': on },
      cells: {
        ...qemuCells('debian-11', { 'qemu/vmm.qemu.probe': failedTwice }),
        ...qemuCells('debian-12', night === 2 ? { 'qemu/vmm.qemu.boot': failedTwice } : {}),
        ...qemuCells('debian-13'),
        ...qemuCells('debian-forky', { 'qemu/vmm.virtiofs.mount': flaky }),
      },
      skipped: Object.fromEntries(
        ['debian-11', 'debian-12', 'debian-13', 'debian-forky'].flatMap((id) =>
          ['clh/vmm.clh.probe', 'firecracker/vmm.firecracker.probe'].map((place) => [
            `${id}/${place}`,
            'not packaged by this distro: no such package in main, searched 2026-11-21',
          ]),
        ),
      ),
      facts: { 'debian-13/host/host.boot': { kernel: '6.12.117+deb13-amd64' } },
      findings: night === 2 ? { 'debian-12/qemu/vmm.qemu.boot': kernelFault } : {},
    }),
  );
}

/** A night of many releases, in all stacks, with so many cells in each: what a landing page has to bear. */
export function greatNight(distros: readonly Distro[], stacks: number, scenarios: number): Run {
  const ids = [
    'qemu',
    'clh',
    'qemu+distro-kernel',
    'clh+distro-kernel',
    'qemu.upstream',
    'clh.upstream',
  ] as const;
  const cells = distros.flatMap(({ id }, number) => [
    ...Object.entries(qemuCells(id, number % 3 === 0 ? { 'qemu/vmm.virtiofsd.start': failedTwice } : {})),
    ...ids
      .slice(0, stacks)
      .flatMap((stack) =>
        Array.from(
          { length: scenarios },
          (_, index) => [cellOf(id, stack, `kata.more-${index}`).id, passed] as const,
        ),
      ),
  ]);
  const facts = distros.map(({ id, title }) => ({ id, title, rolling: false, notes: [] }));
  return runLike({ id: 'great', on: '2026-11-21', distros: facts, cells: Object.fromEntries(cells) });
}
