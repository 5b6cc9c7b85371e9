import { describe, expect, it } from 'vitest';
import type { Status } from '../../../src/domain/outcome.ts';
import { type Sighting, sinceOf } from '../../../src/report/since.ts';

/** From the newest to the oldest, as `status`. */
async function* seen(...all: readonly (Status | undefined)[]): AsyncGenerator<Sighting> {
  for (const [index, status] of all.entries()) {
    yield { run: `${index}`, at: '2026-11-21T00:00:00.000Z', versions: {}, ...(status && { status }) };
  }
}

describe('since when a cell is red', () => {
  it.each([
    ['the run itself, where it was green before', ['failed', 'passed', 'failed'], '0', '1'],
    ['the first of a row', ['failed', 'failed', 'failed', 'passed'], '2', '3'],
    [
      'through what came to no verdict',
      ['failed', 'errored', undefined, 'failed', 'blocked', 'passed'],
      '3',
      '5',
    ],
    ['with no green at hand', ['failed', 'failed', 'errored'], '1', undefined],
    ['never, where it is green', ['passed', 'failed'], undefined, '0'],
  ] as const)('%s', async (_, statuses, firstRed, lastGreen) => {
    const since = await sinceOf(seen(...statuses));

    expect([since.firstRed?.run, since.lastGreen?.run]).toEqual([firstRed, lastGreen]);
  });
});
