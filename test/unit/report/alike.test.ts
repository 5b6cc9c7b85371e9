import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { consoleSummary } from '../../../src/report/console.ts';
import { markdown } from '../../../src/report/markdown.ts';
import { runLike } from '../domain/run-like.ts';

const message = "cannot build debian-13's image: the mirror cannot be reached";
const unreachable: Outcome = { status: 'errored', phase: 'image', message, detail: 'E: Failed to fetch' };
const summaryOf = (run: Parameters<typeof consoleSummary>[0]) =>
  consoleSummary(run, { color: false, columns: 0, folder: 'reports/runs/one' });

/** A run of which no cell ever began, all for the same reason. */
function neverBegun() {
  const names = ['host.boot', 'host.kvm', 'host.cpu'].map((name) => `debian-13/host/${name}`);
  const run = runLike({
    cells: Object.fromEntries([...names, 'debian-13/runc/control.runc'].map((id) => [id, [unreachable]])),
  });
  return {
    ...run,
    results: new Map([...run.results].map(([id, result]) => [id, { ...result, attempts: [] }])),
  };
}

describe('one trouble that kept many cells from beginning', () => {
  it('is said once on the console, with the cells by stack and the command for all of them', () => {
    const [, told = ''] = summaryOf(neverBegun()).split('\n\n').slice(1);

    expect(told).toMatch(/^ {2}debian-13\/host: host\.boot, host\.kvm, host\.cpu$/m);
    expect(told).toMatch(/^ {2}debian-13\/runc: control\.runc$/m);
    expect(told.split(message)).toHaveLength(2);
    expect(told.split('E: Failed to fetch')).toHaveLength(2);
    expect(told).toMatch(/^ {4}image: cannot build/m);
    expect(told.match(/again /g)).toHaveLength(1);
  });

  it('has its detail once in Markdown', () => {
    const [{ text } = { text: '' }] = markdown(neverBegun());

    expect(text.split('E: Failed to fetch')).toHaveLength(2);
    expect(text).toContain('debian-13/host/host.boot and 3 more, again by');
  });
});

describe('cells that were tried', () => {
  it('each have a place of their own, as each left evidence of its own', () => {
    const run = runLike({
      cells: { 'debian-13/host/host.boot': [unreachable], 'debian-13/host/host.kvm': [unreachable] },
    });

    expect(summaryOf(run).match(/evidence {2}/g)).toHaveLength(2);
  });
});
