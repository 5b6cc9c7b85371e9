import { describe, expect, it } from 'vitest';
import { installAnswer, refreshAnswer } from '../../../../src/install/managers/answer.ts';
import type { PackageManager } from '../../../../src/install/managers/package-manager.ts';
import { isSupported, managers } from '../../../../src/install/managers/table.ts';
import { type Recorded, recorded, recordedRefresh } from './recorded.ts';

function rowOf(id: Recorded['by']): PackageManager {
  const row = managers[id];
  if (!isSupported(row)) {
    throw new TypeError(`${id} is not supported`);
  }
  return row;
}

describe('what a package manager said while it installed', () => {
  it.each(recorded)('$by: $where is $kind', ({ by, code, text, kind, names = [], said }) => {
    const answer = installAnswer(rowOf(by), { code, out: '', err: text });

    expect(answer.kind).toBe(kind);
    expect([...answer.names.keys()]).toEqual(names);
    expect(text).toContain(answer.said);
    expect(answer.said).not.toBe('');
    expect(answer.said).not.toContain('\n');
    if (said !== undefined) {
      expect(answer.said).toBe(said);
    }
  });

  it.each(['apt', 'dnf', 'zypper', 'apk', 'pacman', 'xbps'] as const)(
    '%s: a full disk is nobody else',
    (id) => {
      const err = 'E: You have something\ncpio: write failed - No space left on device';

      expect(installAnswer(rowOf(id), { code: 1, out: '', err }).kind).toBe('full');
    },
  );

  it('is a success where it ended so, whatever stood there on the way', () => {
    const out = 'Waiting for cache lock: Could not get lock /var/lib/dpkg/lock-frontend.';

    expect(installAnswer(rowOf('apt'), { code: 0, out, err: '' })).toEqual({
      kind: 'done',
      said: '',
      names: new Map(),
    });
  });

  it('is shown by its last line where nobody knows it', () => {
    const answer = installAnswer(rowOf('apt'), { code: 7, out: 'one\ntwo\n', err: '' });

    expect(answer).toEqual({ kind: 'strange', said: 'two', names: new Map() });
  });
});

describe('what a package manager said while it read the index', () => {
  it.each(recordedRefresh)('$by: $where is $kind', ({ by, code, text, kind }) => {
    expect(refreshAnswer(rowOf(by), { code, out: text, err: '' }).kind).toBe(kind);
  });

  it.each(recorded.filter(({ kind }) => kind === 'locked'))(
    '$by: $where is waited for',
    ({ by, code, text }) => {
      expect(refreshAnswer(rowOf(by), { code, out: text, err: '' }).kind).toBe('locked');
    },
  );
});
