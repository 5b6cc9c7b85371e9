import { expect, it } from 'vitest';
import { consoleSummary } from '../../../src/report/console.ts';
import { formats, render } from '../../../src/report/reports.ts';
import { passed, runLike } from '../domain/run-like.ts';

const run = runLike({ modified: ['--prepare fault.sh'], cells: { 'debian-13/host/host.kvm': passed } });

it.each(formats)('a run that was modified by hand is marked in %s', (format) => {
  const [artifact] = render(run, [format]);

  expect(artifact?.text).toMatch(/modified/i);
  expect(artifact?.text).toContain('--prepare fault.sh');
});

it('and on the console', () => {
  expect(consoleSummary(run, { color: false, columns: 0, folder: '.' })).toContain(
    'modified by hand, never published: --prepare fault.sh',
  );
});
