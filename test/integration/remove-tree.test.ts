import { spawnSync } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeTree } from '../../src/host/remove-tree.ts';
import { reapWorkspaces } from '../../src/host/workspace.ts';
import { root } from '../support/farm.ts';

let folder = '';
/** Holds a file that its owner may not remove: as good as a file of another owner. */
let locked = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trees-'));
  locked = join(folder, 'cache/work/katafarm-1/image-debian-13/root/var');
  await mkdir(join(folder, 'bin'));
  await mkdir(locked, { recursive: true });
  await writeFile(join(locked, 'log'), 'x');
  await chmod(locked, 0o500);
});

afterEach(async () => {
  await chmod(locked, 0o700).catch(() => {});
  await rm(folder, { recursive: true });
});

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Runs a module as a user without privileges, root included; in `unshare`'s place stands this script. */
async function asOrdinaryUser(code: string, unshare: string): Promise<string> {
  await writeFile(join(folder, 'bin/unshare'), `#!/bin/sh\n${unshare}\n`, { mode: 0o755 });
  const node = [process.execPath, '--input-type=module', '--eval', code.replaceAll("'src/", `'${root}/src/`)];
  const powerless =
    process.getuid?.() === 0 ? ['setpriv', '--inh-caps=-all', '--bounding-set=-all', '--'] : [];
  const [program = '', ...args] = [...powerless, ...node];
  const PATH = `${folder}/bin:${process.env['PATH']}`;
  return spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, PATH } }).stdout;
}

const removing = () => `
  import { removeTree } from 'src/host/remove-tree.ts';
  await removeTree('${folder}/cache').catch((error) => console.log(error.message, error.cause.code));
`;

describe('removing a tree', () => {
  it('is content where there is none', async () => {
    await expect(removeTree(join(folder, 'none'))).resolves.toBeUndefined();
  });

  it('takes the namespace of many owners where plain removing is refused', async () => {
    const said = await asOrdinaryUser(
      removing(),
      `chmod -R u+w '${folder}/cache'; while [ "$1" != -- ]; do shift; done; shift; exec "$@"`,
    );

    expect(said).toBe('');
    expect(await isThere(join(folder, 'cache'))).toBe(false);
  });

  it('says what stood in the way where that fails as well', async () => {
    const said = await asOrdinaryUser(removing(), 'echo "unshare: write failed" >&2; exit 1');

    expect(said).toBe(`cannot remove ${folder}/cache: unshare: write failed EACCES\n`);
    expect(await isThere(join(locked, 'log'))).toBe(true);
  });
});

describe('a workspace that cannot be removed', () => {
  it('hides nothing else that happened, and keeps its signature, so that a later run removes it', async () => {
    const said = await asOrdinaryUser(
      `
      import { rename } from 'node:fs/promises';
      import { openWorkspace } from 'src/host/workspace.ts';
      const { files, [Symbol.asyncDispose]: dispose } = await openWorkspace('${folder}/cache');
      await rename('${folder}/cache/work/katafarm-1/image-debian-13', files + '/image-debian-13');
      await dispose();
      console.log(files);
      `,
      'exit 1',
    );
    const files = said.trim();
    locked = join(files, 'image-debian-13/root/var');
    expect(await readFile(join(files, 'owner.json'), 'utf8')).toMatch(/"pid"/);

    await chmod(locked, 0o700);

    expect(await reapWorkspaces(join(folder, 'cache'))).toContain(files);
    expect(await isThere(files)).toBe(false);
  });
});
