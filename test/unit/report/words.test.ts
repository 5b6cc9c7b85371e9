import { expect, it } from 'vitest';
import { repeatOf } from '../../../src/report/words.ts';

const cell = { distro: 'debian-13', stack: 'host', scenario: 'host.kvm' } as const;

it.each<[string, readonly string[] | undefined, string]>([
  ['a journal without a command', undefined, '--kata none'],
  ['releases alone', ['debian-12', 'debian-13'], '--kata none'],
  [
    'stacks and scenarios of its own',
    ['debian-12', '--stack', 'qemu', 'host', '--scenario', 'vmm.*', '--scenario', 'host.*', '--kata', 'none'],
    '--kata none',
  ],
  [
    'a change, folders and an accelerator',
    [
      'debian-13',
      ...['--stack', 'host', '--distros', 'my distros', '--scenarios', 'mine', '--accel', 'tcg'],
      ...['--allow-expired-mirror', '--prepare', 'fix.sh', '--kata', 'none'],
    ],
    "--distros 'my distros' --scenarios mine --accel tcg --allow-expired-mirror --prepare fix.sh --kata none",
  ],
])('repeats one cell of a run by %s in the same manner', (_, command, rest) => {
  expect(repeatOf(cell, command)).toBe(`./katafarm run debian-13 --stack host --scenario host.kvm ${rest}`);
});
