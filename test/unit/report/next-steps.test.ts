import { expect, it } from 'vitest';
import type { CellId } from '../../../src/domain/cell.ts';
import type { KataBuild } from '../../../src/domain/kata.ts';
import { replay } from '../../../src/domain/run.ts';
import { nextSteps } from '../../../src/report/next-steps.ts';
import { testedStacks } from '../../../src/report/tested.ts';
import { diagnosedEntries, oldVirtiofsd } from '../domain/diagnosed.ts';
import { failedTwice } from '../domain/run-like.ts';

const kata: KataBuild = {
  ...{ source: 'upstream:4.1.0', version: '4.1.0', digest: 'd', trust: 'checksum' },
  ...{ runtimes: ['rust'], pieces: ['shim'], replaced: ['agent=/srv/agent'] },
};

/** The command for a machine like that of a red cell, in a run by this command. */
function machineFor(cell: CellId, command: readonly string[]): string | undefined {
  const story = { cells: { [cell]: failedTwice }, katas: [kata] };
  const run = { ...replay(diagnosedEntries(story, { cell, finding: oldVirtiofsd })), command };
  const [tested] = testedStacks(run).flatMap(({ cells }) => cells);
  return tested && nextSteps(run, tested, 'r').find(({ what }) => what === 'a machine like it')?.command;
}

it.each([
  { command: ['debian-12', '--stack', 'qemu', '--scenario', 'vmm.*', '--scenarios', 'more'], more: '' },
  { command: ['debian-12', '--prepare', 'my fix.sh'], more: " --prepare 'my fix.sh'" },
  { command: ['debian-12', '--prepare-cold', 'fix.sh'], more: ' --prepare-cold fix.sh' },
  {
    command: ['--with-package', 'a.deb', '--with-repo', 'repo', '--enable-repo', 'backports', '--no-base'],
    more: ' --with-package a.deb --with-repo repo --enable-repo backports',
  },
  {
    command: ['debian-12', '--distros', 'mine', '--no-bundled', '--image', 'debian-12=0123456789ab'],
    more: ' --distros mine --no-bundled --image debian-12=0123456789ab',
  },
  { command: ['--no-bundled', '--scenarios', 'mine'], more: '' },
  {
    command: ['--provider', 'ssh', '--ssh', 'debian-12=root@a', '--allow-reboot', '--yes'],
    more: ' --provider ssh --ssh debian-12=root@a',
  },
  { command: ['--replace', 'agent=/srv/agent', '--kata', 'upstream:4.1.0'], more: '' },
])('a shell is in a machine that was changed as the run of $command had it', ({ command, more }) => {
  expect(machineFor('debian-12/qemu/vmm.virtiofsd.start', command)).toBe(`./katafarm shell debian-12${more}`);
});

it('has the Kata of the cell in it, with what was replaced in that', () => {
  expect(machineFor('debian-12/qemu/kata.uname', ['debian-12', '--prepare', 'fix.sh'])).toBe(
    './katafarm shell debian-12 --prepare fix.sh --kata upstream:4.1.0 --replace agent=/srv/agent',
  );
});
