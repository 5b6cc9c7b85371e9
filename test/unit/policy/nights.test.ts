import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/domain/evidence.ts';
import { mergeEvidence } from '../../../src/domain/fold.ts';
import { type Matrix, matrixOf } from '../../../src/domain/matrix.ts';
import { keptNights, nightsOn } from '../../../src/domain/nights.ts';
import { evidenceOf } from '../../../src/domain/observe.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Run } from '../../../src/domain/run.ts';
import { failedTwice, passed, qemuCells, runLike } from '../domain/run-like.ts';
import { kataNight, supportIn } from './nightly.ts';

const kvm = 'debian-13/host/host.kvm';
const stories: readonly (readonly Outcome[])[] = [
  passed,
  failedTwice,
  [...failedTwice.slice(1), { status: 'passed', flaky: true }],
  [{ status: 'errored', phase: 'boot', message: 'no answer' }],
];

function night(day: number, told: readonly Outcome[] = passed, id = `n${day}`): Run {
  const on = new Date(Date.UTC(2026, 8, day)).toISOString().slice(0, 10);
  const version = `1.${day % 5}-1`;
  return runLike({
    id,
    on,
    cells: { [kvm]: told },
    batchFacts: { 'image.built': `${on}T01:00:00Z`, 'image.digest': 'd1', 'package.virtiofsd': version },
  });
}

const publishedIn = (steps: readonly (readonly Run[])[]) =>
  steps.reduce<Matrix | undefined>(
    (before, runs) =>
      matrixOf(runs, {
        today: '2026-11-22',
        earlier: JSON.parse(JSON.stringify(before?.evidence ?? null)) ?? undefined,
      }),
    undefined,
  );

describe('what is kept of a cell, night after night', () => {
  const anyRuns = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom(...stories)), {
      minLength: 1,
      maxLength: 30,
    })
    .map((told) => [...new Map(told.map(([day, story]) => [day, night(day, story)])).values()]);

  it('does not depend on the order and the steps in which runs are published, nor on telling one twice', () => {
    fc.assert(
      fc.property(
        anyRuns,
        fc.integer({ min: 0, max: 30 }),
        fc.infiniteStream(fc.nat()),
        (runs, cut, lots) => {
          const atOnce = publishedIn([runs])?.evidence;
          const shuffled = runs
            .map((run) => ({ run, lot: lots.next().value as number }))
            .toSorted((a, b) => a.lot - b.lot)
            .map(({ run }) => run);
          const steps = [
            shuffled.slice(0, cut),
            ...shuffled.slice(cut).map((run) => [run]),
            shuffled.slice(0, 2),
          ];

          const stepwise = publishedIn(steps)?.evidence;

          expect([stepwise?.nights, stepwise?.latest, stepwise?.anchors]).toEqual([
            atOnce?.nights,
            atOnce?.latest,
            atOnce?.anchors,
          ]);
          expect(stepwise?.observations).toEqual(atOnce?.observations);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are the twenty newest nights, each once', () => {
    const runs = Array.from({ length: 25 }, (_, day) => night(day + 1));

    const nights = nightsOn(mergeEvidence([...runs, ...runs].map(evidenceOf)), kvm, 'tcg+svm');

    expect(nights.map(({ run }) => run)).toEqual(
      Array.from({ length: keptNights }, (_, index) => `n${index + 6}`),
    );
  });

  it('is what a run said last, where it was published before it was gone on with', () => {
    const early = evidenceOf(night(1, failedTwice, 'n1'));
    const late = evidenceOf(night(2, passed, 'n1'));

    for (const evidence of [mergeEvidence([early, late]), mergeEvidence([late, early])]) {
      expect(nightsOn(evidence, kvm, 'tcg+svm').map(({ status }) => status)).toEqual(['passed']);
    }
  });
});

describe('evidence of before there were nights', () => {
  const older = ({ runs, observations, anchors = [] }: Evidence): Evidence => ({
    runs: runs.map(({ executed: _, packages: _packages, ...note }) => note),
    observations: observations.map(({ template: _, ...rest }) => rest),
    anchors,
  });

  it('still counts, as one night on a template that nobody knows', () => {
    const earlier = older(evidenceOf(night(1)));

    const { evidence } = matrixOf([night(2)], { today: '2026-09-02', earlier });

    expect(nightsOn(evidence, kvm, 'tcg+svm').map(({ template }) => template)).toEqual([
      '-',
      '2026-09-02T01:00:00Z/d1',
    ]);
  });
});

describe('a word that rests on what is not the newest any more', () => {
  const packages = (virtiofsd: string) => ({ 'package.virtiofsd': virtiofsd });
  const green = (on: string, virtiofsd: string) =>
    runLike({ id: on, on, speed: 'kvm', cells: qemuCells('debian-13'), batchFacts: packages(virtiofsd) });
  const errored = (on: string, virtiofsd: string) =>
    runLike({ id: on, on, speed: 'kvm', cells: { [kvm]: stories[3] }, batchFacts: packages(virtiofsd) });

  it('is outdated at once, even where the newer run came to no verdict', () => {
    expect(
      supportIn([green('2026-11-20', '1.9'), errored('2026-11-21', '1.13.2')], '2026-11-21'),
    ).toMatchObject({
      printed: 'capable (outdated)',
      outdated: ['virtiofsd 1.9, and 1.13.2 is there'],
    });
  });

  it.each(['1.9', '1.8'])('is not outdated by a later run that had %s', (version) => {
    expect(
      supportIn([green('2026-11-20', '1.9'), errored('2026-11-21', version)], '2026-11-21').printed,
    ).toBe('capable');
  });

  it('stays outdated in what is published from it later', () => {
    const first = matrixOf([green('2026-11-20', '1.9'), errored('2026-11-21', '1.13.2')], {
      today: '2026-11-21',
    });

    const then = matrixOf([], { today: '2026-11-22', earlier: JSON.parse(JSON.stringify(first.evidence)) });

    expect(then.releases[0]?.headline.outdated).toEqual(['virtiofsd 1.9, and 1.13.2 is there']);
  });

  it('is not outdated once the newer was tested', () => {
    expect(supportIn([green('2026-11-20', '1.9'), green('2026-11-21', '1.13.2')], '2026-11-21').printed).toBe(
      'capable',
    );
  });

  it('is outdated by a newer Kata', () => {
    const katas = (version: string) => ({ katas: [{ ...kataOf, version }] });
    const old = kataNight('2026-11-20', {}, katas('4.2.0-rc0'));
    const newer = runLike({
      id: 'newer',
      on: '2026-11-21',
      speed: 'kvm',
      cells: { 'debian-13/qemu/kata.parallel': passed },
      ...katas('4.2.0'),
    });

    expect(supportIn([old, newer], '2026-11-21').outdated).toEqual(['Kata 4.2.0-rc0, and 4.2.0 is there']);
  });
});

const kataOf = {
  source: 'upstream:4.1.0',
  digest: 'd1',
  trust: 'release-api',
  runtimes: ['rust'],
  pieces: [],
  replaced: [],
} as const;
