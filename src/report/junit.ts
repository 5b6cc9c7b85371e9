import { createRequire } from 'node:module';
import type { Builder } from 'junit-report-builder';
import { differencesToBase, isAgainst, withoutBase } from '../domain/against.ts';
import type { Differences } from '../domain/difference.ts';
import type { Run } from '../domain/run.ts';
import { addCase, secondsOf } from './junit-case.ts';
import { suiteProperties } from './junit-properties.ts';
import { basesIn, standingIn } from './junit-standing.ts';
import type { Artifact, Report } from './report.ts';
import { testedStacks } from './tested.ts';

// The package's types promise a default export that its CommonJS file does not have.
const builder = createRequire(import.meta.url)('junit-report-builder') as Builder;

/**
 * One suite a release and stack, one test case a cell: `failure` is a verdict, `error` the farm's own trouble. What doesn't
 * count is skipped: a known issue, and with a base all but new failures; what the base's cell said is output of the run's.
 * What Jenkins' and Surefire's schemas allow, and no more: a case has no properties.
 */
export const junit: Report = (run) =>
  isAgainst(run) ? junitBeside(withoutBase(run), differencesToBase(run)) : junitBeside(run, undefined);

/** The same of a run whose base is another one, or that has none. */
export function junitBeside(run: Run, differences: Differences | undefined): readonly Artifact[] {
  // The package hands out one shared builder: ask it for a new one, or two runs end up in one file.
  const xml = builder.newBuilder().name(run.id);
  const standing = standingIn(run, differences);
  const bases = basesIn(differences ?? { all: [] });

  for (const tested of testedStacks(run)) {
    const name = tested.place;
    const ms = tested.cells.reduce((sum, { result }) => sum + (result?.ms ?? 0), 0);
    // JUnit's schema knows no fractions and no zone.
    const suite = xml.testSuite().name(name).timestamp(run.startedAt.slice(0, 19)).time(secondsOf(ms));

    for (const [key, value] of suiteProperties(run, tested)) {
      suite.property(key, value);
    }
    for (const cell of tested.cells) {
      addCase(suite, name, cell, { standing: standing(cell), base: bases.get(cell.cell.id) });
    }
  }

  // The count of skipped cases is a suite's attribute: Jenkins' schema knows none of all suites together.
  const text = xml.build().replace(/(<testsuites [^>]*?) skipped="\d+"/, '$1');
  return [{ path: 'junit.xml', text: `${text}\n` }];
}
