import { expect, it } from 'vitest';
import { cellOf } from '../../../src/domain/cell.ts';
import { sharedCommand } from '../../../src/report/shared-command.ts';

const cell = cellOf('debian-13', 'qemu', 'vmm.qemu.boot');

it.each([
  { said: ['--ssh', 'me@build-1.example.org:2222'], shared: '--ssh root@HOST' },
  { said: ['--ssh', 'debian-13=me@10.0.0.7'], shared: '--ssh debian-13=root@HOST' },
])("names nobody's machine to others: $said", ({ said, shared }) => {
  const command = ['debian-13', '--provider', 'ssh', ...said, '--kata', 'none'];

  expect(sharedCommand(cell, command)).toBe(
    `./katafarm run debian-13 --stack qemu --scenario vmm.qemu.boot --provider ssh ${shared} --kata none`,
  );
});
