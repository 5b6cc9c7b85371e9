import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  addSsh,
  ensureOneRelease,
  type SshChoice,
  sshGiven,
  sshWords,
} from '../../../src/commands/ssh-option.ts';

function read(...words: string[]): SshChoice & { readonly provider?: string } {
  return addSsh(new Command('run').option('--provider <name>', 'where from'))
    .exitOverride()
    .parse(words, { from: 'user' })
    .opts();
}
const env = {};

describe('--ssh', () => {
  it('names one machine, or one for each release, and stands for --provider ssh', () => {
    expect(read('--ssh', 'root@a')).toMatchObject({ ssh: { '': 'root@a' }, provider: 'ssh' });
    expect(read('--ssh', 'debian-13=root@a:2222', '--ssh', 'debian-13@arm64=b').ssh).toEqual({
      'debian-13': 'root@a:2222',
      'debian-13@arm64': 'b',
    });
  });

  it('is written as it can be read again', () => {
    const words = ['--ssh', 'debian-13=root@a:2222', '--ssh', 'c', '--allow-reboot'];

    expect(sshWords(read(...words))).toEqual(words);
  });

  it.each([
    [['--ssh', '-oProxyCommand=x'], /cannot read --ssh/],
    [['--ssh', 'debian-13='], /cannot read --ssh/],
    [['--ssh', 'a', '--ssh', 'b'], /cannot use --ssh b: a machine is named already/],
    [['--ssh', 'debian-13=a', '--ssh', 'debian-13=b'], /debian-13 has a machine already/],
  ])('%j is refused', (words, message) => {
    expect(() => read(...words)).toThrow(message);
  });

  it('needs no other provider, and the provider needs it', () => {
    expect(() => sshGiven({ env }, read('--ssh', 'a', '--provider', 'qemu'))).toThrow(
      /leave out one of them/,
    );
    expect(() => sshGiven({ env }, read('--provider', 'ssh'))).toThrow(/say --ssh root@HOST/);
    expect(sshGiven({ env }, read())).toBeUndefined();
  });

  it.each([
    ['withPackage', '--with-package'],
    ['withRepo', '--with-repo'],
    ['enableRepo', '--enable-repo'],
    ['prepare', '--prepare'],
    ['prepareCold', '--prepare-cold'],
  ])('puts nothing into the machine before it runs anything on it: %s', (key, option) => {
    expect(() => sshGiven({ env }, { ...read('--ssh', 'a'), [key]: ['x'] })).toThrow(
      `cannot use ${option} with --ssh: what is put into a machine that exists stays in it`,
    );
  });

  it('lets nobody install or restart anything unless that is said', () => {
    expect(sshGiven({ env }, read('--ssh', 'a'))).toMatchObject({ mayInstall: false, mayRestart: false });
    expect(sshGiven({ env }, { ...read('--ssh', 'a', '--allow-reboot'), yes: true })).toMatchObject({
      ...{ mayInstall: true, mayRestart: true },
    });
  });

  it('is of one release', () => {
    const two = [{ id: 'debian-12' }, { id: 'debian-13' }];

    expect(() => ensureOneRelease(read('--ssh', 'a'), two)).toThrow(
      /cannot run 2 releases on a: .*--ssh debian-12=MACHINE/,
    );
    expect(() => ensureOneRelease(read('--ssh', 'debian-12=a'), two)).not.toThrow();
  });
});
