import { describe, expect, it } from 'vitest';
import { repeatCommand, runStarted } from '../../../src/commands/run-started.ts';
import { distroLike } from '../../support/domain.ts';

const plain = { kata: [{ source: 'none' }], accel: 'auto', jobs: 2, retries: 1, keep: 'never' } as const;
const nothing = {
  distros: [distroLike()],
  scenarios: [],
  providers: [],
  plan: { batches: [], skipped: [] },
  starved: [],
};

describe('the command that repeats a run', () => {
  it('says no more than was said', () => {
    expect(repeatCommand(['debian-13'], plain)).toEqual(['debian-13', '--kata', 'none']);
  });

  it('keeps what was run, from where, and how', () => {
    const options = {
      ...plain,
      stack: ['host'],
      scenario: ['host.*', 'mine.*'],
      distros: 'releases',
      scenarios: ['scenarios', '/srv/mine'],
      provider: 'qemu',
      accel: 'tcg',
      mirror: 'https://mirror.example/debian',
      allowExpiredMirror: true,
      prepare: 'fix.sh',
    } as const;

    expect(repeatCommand(['debian-13'], options).join(' ')).toBe(
      'debian-13 --stack host --scenario host.* --scenario mine.* --distros releases --scenarios scenarios ' +
        '--scenarios /srv/mine --provider qemu --accel tcg --mirror https://mirror.example/debian ' +
        '--allow-expired-mirror --prepare fix.sh --kata none',
    );
  });

  it('keeps a script after which machines boot again', () => {
    const command = repeatCommand(['debian-13'], { ...plain, prepareCold: 'fix.sh' });

    expect(command.join(' ')).toBe('debian-13 --prepare-cold fix.sh --kata none');
  });

  it("keeps a mirror's password to itself", () => {
    const command = repeatCommand([], { ...plain, mirror: 'https://ada:s3cret@mirror.example/' });

    expect(command).toContain('https://mirror.example/');
  });
});

describe('the start of a run', () => {
  it.each([
    [{}, []],
    [{ prepare: 'fix.sh' }, ['--prepare fix.sh']],
    [{ prepareCold: 'fix.sh' }, ['--prepare-cold fix.sh']],
    [{ distros: 'releases' }, ['--distros releases']],
    [{ source: { clh: '/srv/mine.tar.xz' } }, ['--source clh=/srv/mine.tar.xz']],
    [{ source: { clh: 'https://mirror.example/clh.tar.xz' } }, []],
    [{ scenarios: ['mine', 'more'] }, ['--scenarios mine', '--scenarios more']],
  ])('with %j is marked as modified by %j', (options, modified) => {
    expect(runStarted('n1', {}, nothing, [], options, {})).toMatchObject({ modified });
  });
});
