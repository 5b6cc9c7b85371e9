import { describe, expect, it } from 'vitest';
import { shownIn } from '../../../src/commands/view/shown.ts';
import {
  annotationOf,
  disarmed,
  disarmedJson,
  groupBegin,
} from '../../../src/commands/view/workflow-command.ts';
import { cellIn, errored, flaky } from '../../support/live-story.ts';

const cell = cellIn('debian-13', 0);

describe('an annotation', () => {
  it.each([
    [{ status: 'failed', message: 'no svm' }, '::error title=debian-13/host/host.cpu::failed: no svm'],
    [errored, '::warning title=debian-13/host/host.cpu::errored in clone: no answer within 12 s'],
    [
      flaky,
      '::warning title=debian-13/host/host.cpu::passed, but flaky: red on one clone, green on the next',
    ],
    [
      { status: 'failed', message: '50% %0A of' },
      '::error title=debian-13/host/host.cpu::failed: 50%25 %250A of',
    ],
  ] as const)('of %j is %s', (outcome, text) => {
    expect(annotationOf(cell, outcome)).toBe(text);
  });

  it('is one line, whatever a guest said', () => {
    const message = 'one\n::set-output name=a::b\r##[add-mask]x\u001b[31m';
    const text = annotationOf(cell, { status: 'failed', message });

    expect(text).toBe(
      '::error title=debian-13/host/host.cpu::failed: one ::set-output name=a::b ## [add-mask]x',
    );
  });

  it('has a title in which nothing begins the next property', () => {
    const odd = 'debian-13/host/host.cpu,file=x::y' as typeof cell;

    expect(annotationOf(odd, errored)).toContain(' title=debian-13/host/host.cpu%2Cfile=x%3A%3Ay::errored');
  });
});

describe('text that is shown in GitHub Actions', () => {
  it.each([
    ['::set-output name=a::b', ': :set-output name=a::b'],
    ['  \t::error::x', '  \t: :error::x'],
    ['fine\n::stop-commands::t\n:::x', 'fine\n: :stop-commands::t\n: ::x'],
    ['in the middle ##[add-path]/tmp ###[group]', 'in the middle ## [add-path]/tmp ### [group]'],
    ['std::vector and :one colon', 'std::vector and :one colon'],
  ])('is no command: %j', (text, shown) => {
    expect(disarmed(text)).toBe(shown);
  });

  it('is JSON that means the same', () => {
    const value = { message: '##[add-mask]x', other: '::set-output::' };
    const line = disarmedJson(JSON.stringify(value));

    expect(line).not.toContain('##[');
    expect(JSON.parse(line)).toEqual(value);
  });

  it('is left as it is elsewhere', () => {
    const said: string[] = [];
    const out = (text: string) => said.push(text);
    shownIn({ env: {}, out }).out('##[x]');
    shownIn({ env: { GITHUB_ACTIONS: 'true' }, out }).out('##[x]');
    shownIn({ env: { GITHUB_ACTIONS: 'true' }, out }).json('"##[x]"');

    expect(said).toEqual(['##[x]', '## [x]', String.raw`"#\u0023[x]"`]);
  });

  it('is a group’s title on one line', () => {
    expect(groupBegin('debian-13: 100%\n::error::')).toBe('::group::debian-13: 100%25 ::error::');
  });
});
