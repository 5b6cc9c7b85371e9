import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { kataRequests, replacements } from '../../../src/commands/kata-options.ts';
import type { KataRequest } from '../../../src/domain/kata.ts';

const all = (...texts: readonly string[]) =>
  texts.reduce<readonly KataRequest[]>((before, text) => kataRequests(text, before), []);

describe('--kata', () => {
  it.each([
    ['none', 'none'],
    ['distro', 'distro'],
    ['upstream:4.1.0', 'upstream:4.1.0'],
    ['upstream:v4.2.0-rc1', 'upstream:4.2.0-rc1'],
    ['pr:13514', 'pr:13514'],
    ['file:/srv/kata.tar.zst', 'file:/srv/kata.tar.zst'],
    ['file:kata.tar.zst,/srv/go.tar', `file:${process.cwd()}/kata.tar.zst,/srv/go.tar`],
    ['dir:~/kata', `dir:${homedir()}/kata`],
    ['dir:/srv/a=b', 'dir:/srv/a=b'],
  ])('%s is the source %s', (text, source) => {
    expect(all(text)).toEqual([{ source }]);
  });

  it('labels what comes after the first, as it is told or by the source', () => {
    const requests = all(
      'upstream:4.1.0',
      'old=upstream:4.0.0',
      'upstream:3.20.0',
      'pr:7',
      'file:/srv/kata-static my.tar.zst,/srv/go.tar',
      'dir:/srv/build/',
      'distro',
    );

    expect(requests.map(({ label }) => label)).toEqual([
      undefined,
      'old',
      '3.20.0',
      'pr7',
      'kata-static-my',
      'build',
      'distro',
    ]);
  });

  it.each<[readonly string[], RegExp]>([
    [['4.1.0'], /did you mean "upstream:4\.1\.0"\?/],
    [['kata.tar.zst'], /did you mean "file:kata\.tar\.zst"\?/],
    [['/opt/kata'], /did you mean "dir:\/opt\/kata"\?/],
    [['upsteam:4.1.0'], /did you mean "upstream"\?/],
    [['what'], /say upstream:VERSION, file:PATH, dir:PATH, distro, pr:N or none/],
    [[''], /cannot read --kata ""/],
    [['upstream:latest'], /say a release, as in upstream:4\.1\.0/],
    [['upstream:'], /say a release/],
    [['pr:x'], /say a pull request's number/],
    [['pr:0'], /say a pull request's number/],
    [['file:'], /say where, as in file:PATH/],
    [['mine=upstream:4.1.0'], /cannot label the first --kata.*say --kata upstream:4\.1\.0/],
    [['none', 'upstream:4.1.0'], /cannot use --kata none together/],
    [['upstream:4.1.0', 'none'], /cannot use --kata none together/],
    [['upstream:4.1.0', 'b=upstream:4.1.0'], /upstream:4\.1\.0 was given already/],
    [['upstream:4.1.0', 'b=pr:1', 'b=pr:2'], /label "b" was given already/],
    [['upstream:4.1.0', 'file:/a/kata.tar', 'file:/b/kata.tar.zst'], /label "kata" was given already/],
    [['upstream:4.1.0', 'a b=pr:1'], /cannot use "a b" .* as a label/],
    [['upstream:4.1.0', '=pr:1'], /cannot use "" .* as a label/],
  ])('%j is refused with a hint', (texts, reason) => {
    expect(() => all(...texts)).toThrow(reason);
  });
});

describe('--replace', () => {
  it('collects pieces with their files', () => {
    expect(replacements('agent=/srv/agent', replacements('shim=~/shim'))).toEqual([
      { piece: 'shim', path: `${homedir()}/shim` },
      { piece: 'agent', path: '/srv/agent' },
    ]);
  });

  it.each([
    ['shin=/a', /did you mean "shim"\?.*say PIECE=PATH/],
    ['/a/shim', /there are shim, agent, virtiofsd, kernel/],
    ['kernel=', /say which file, as in kernel=PATH/],
  ])('%s is refused with a hint', (text, reason) => {
    expect(() => replacements(text)).toThrow(reason);
  });

  it('is refused for a piece that was given already', () => {
    expect(() => replacements('shim=/b', replacements('shim=/a'))).toThrow(/shim was given already/);
  });
});
