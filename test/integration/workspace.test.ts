import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkspace, reapWorkspaces } from '../../src/host/workspace.ts';
import { nodeThatSays, runs, until } from '../support/processes.ts';

let cache = '';

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'cache-'));
});

afterEach(async () => {
  await rm(cache, { recursive: true });
});

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Another farm, with a workspace in the same cache. */
async function anotherFarm() {
  const { child, line } = await nodeThatSays(`
    import { openWorkspace } from 'src/host/workspace.ts';
    const { files, sockets } = await openWorkspace('${cache}');
    console.log(JSON.stringify({ files, sockets }));
    setInterval(() => {}, 1_000);
  `);
  return { child, ...(JSON.parse(line) as { files: string; sockets: string }) };
}

describe('a workspace', () => {
  it('keeps sockets where nobody else may look, under a short path', async () => {
    await using workspace = await openWorkspace(cache);

    expect((await stat(workspace.sockets)).mode & 0o777).toBe(0o700);
    expect(`${workspace.sockets}/1000-s/channel`.length).toBeLessThan(108);
  });

  it('is gone with all that is in it when it is let go', async () => {
    const workspace = await openWorkspace(cache);
    await writeFile(join(workspace.files, 'disk.qcow2'), 'x');

    await workspace[Symbol.asyncDispose]();

    expect([await isThere(workspace.files), await isThere(workspace.sockets)]).toEqual([false, false]);
  });
});

describe('a process that ends at once', () => {
  it('takes its workspace along', async () => {
    const { child, line } = await nodeThatSays(`
      import { openWorkspace } from 'src/host/workspace.ts';
      const { files, sockets } = await openWorkspace('${cache}');
      process.on('SIGTERM', () => process.exit(130));
      console.log(JSON.stringify([files, sockets]));
      setInterval(() => {}, 1_000);
    `);
    child.kill('SIGTERM');
    await until('it has ended', () => !runs(child.pid ?? 0));

    expect(await Promise.all((JSON.parse(line) as string[]).map(isThere))).toEqual([false, false]);
  });
});

describe('reaping', () => {
  it('removes what a killed farm left, and leaves a living one its own', async () => {
    const [dead, living] = await Promise.all([anotherFarm(), anotherFarm()]);
    await using mine = await openWorkspace(cache);
    dead.child.kill('SIGKILL');
    await until('the farm is dead', () => !runs(dead.child.pid ?? 0));

    const reaped = await reapWorkspaces(cache);

    expect(reaped).toEqual(expect.arrayContaining([dead.files, dead.sockets]));
    const left = [dead.files, dead.sockets, living.files, living.sockets, mine.files, mine.sockets];
    expect(await Promise.all(left.map(isThere))).toEqual([false, false, true, true, true, true]);
    living.child.kill('SIGTERM');
    await until('the other is dead', () => !runs(living.child.pid ?? 0));
    await reapWorkspaces(cache);
  });

  it('is not taken in by a pid that was given to another process since', async () => {
    const workspace = await openWorkspace(cache);
    const old = { pid: process.pid, started: '1' };
    await writeFile(join(workspace.files, 'owner.json'), JSON.stringify(old));

    expect(await reapWorkspaces(cache)).toEqual([workspace.files]);
    await workspace[Symbol.asyncDispose]();
  });

  it('ends a worker that outlived its farm, and nobody who only looks on', async () => {
    const dead = await anotherFarm();
    const worker = spawn('flock', [join(dead.files, 'lock'), 'sleep', '3'], { stdio: 'ignore' });
    const looker = spawn('tail', ['-f', join(dead.files, 'owner.json')], { stdio: 'ignore' });
    dead.child.kill('SIGKILL');
    await until('the farm is dead', () => !runs(dead.child.pid ?? 0));

    const reaped = await reapWorkspaces(cache);

    expect(reaped).toContain(`process ${worker.pid}: flock`);
    await until('the worker is dead', () => !runs(worker.pid ?? 0));
    expect(runs(looker.pid ?? 0)).toBe(true);
    looker.kill();
  });

  it('leaves alone what only has a name like ours', async () => {
    const work = join(cache, 'work');
    const long = new Date(Date.now() - 3 * 86_400_000);
    const folders = [join(work, 'katafarm-reports'), join(work, 'katafarm-abc123')];
    for (const folder of folders) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'journal.jsonl'), 'mine');
      await utimes(folder, long, long);
    }
    const empty = join(work, 'katafarm-def456');
    await mkdir(empty);
    await utimes(empty, long, long);

    const reaped = await reapWorkspaces(cache);

    expect(reaped.filter((path) => path.startsWith(cache))).toEqual([empty]);
    expect(await Promise.all(folders.map(isThere))).toEqual([true, true]);
  });

  it('is not stopped by a signature that nobody can read', async () => {
    const folder = join(cache, 'work', 'katafarm-xyz789');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'owner.json'), '{"pid":');

    await expect(reapWorkspaces(cache)).resolves.not.toContain(folder);
  });

  it('finds nothing where no farm ever was', async () => {
    expect(await reapWorkspaces(join(cache, 'none'))).toEqual([]);
  });
});
