import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../support/farm.ts';
import { kataFaults } from './kata-faults.ts';
import { criFaults } from './kata-faults-cri.ts';
import { mappingFaults } from './kata-faults-mapping.ts';

/** Real sandboxes need a real Kata: `KATAFARM_TEST_KATA=dir:/path/to/an/unpacked/kata-static`. */
const kata = process.env['KATAFARM_TEST_KATA'];
const reason = kata ? '' : ' (skipped: KATAFARM_TEST_KATA names no Kata)';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kata-faults-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const faults = [...kataFaults, ...criFaults, ...mappingFaults];

it.skipIf(!kata).each(faults)(`$scenario notices $title${reason}`, async (fault) => {
  const script = join(folder, 'prepare.sh');
  await writeFile(script, `#!/bin/sh\nset -eu\n${fault.prepare}\n`);
  const options = ['--kata', kata ?? '', '--stack', 'qemu', '--scenario', fault.scenario];

  const run = spawnSync(
    join(root, 'katafarm'),
    ['run', 'debian-13', ...options, '--prepare', script, '--json', '--out', folder],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const ended = run.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .find(({ type, cell }) => type === 'cell-ended' && cell.endsWith(`/${fault.scenario}`));

  expect(run.status).toBe(1);
  expect(ended?.outcome).toMatchObject({
    status: 'failed',
    ...(fault.expect.step && { step: fault.expect.step }),
  });
  expect([ended.outcome.message, ended.outcome.detail].join('\n')).toMatch(fault.expect.message);
});
