import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Run, replay } from '../../src/domain/run.ts';
import { isAlive, type Owner } from '../../src/host/owner.ts';
import { parseJournal } from '../../src/journal/parse.ts';

export const root = resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly seconds: number;
  /** Where the run's folder is; undefined where none was begun. */
  readonly folder: string | undefined;
}

/** Runs the launcher as a person would, with a folder of its own for runs. Progress is passed on: it takes minutes. */
export async function farm(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  watch: (line: string, pid: number) => void = () => {},
): Promise<Ended> {
  const out = env['KATAFARM_OUT'] ?? (await mkdtemp(join(tmpdir(), 'farm-runs-')));
  const started = performance.now();
  const child = spawn(join(root, 'katafarm'), argv, {
    cwd: root,
    env: { ...process.env, KATAFARM_OUT: out, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk;
    process.stderr.write(chunk);
    watch(said.err, child.pid ?? 0);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const [run] = await readdir(out).catch(() => []);
  const folder = run && join(out, run);
  return { ...said, code, folder, seconds: (performance.now() - started) / 1000 };
}

/** What a run's journal says. */
export async function runIn(folder: string | undefined): Promise<Run> {
  if (!folder) {
    throw new Error('no run was begun');
  }
  return replay(parseJournal(await readFile(join(folder, 'journal.jsonl'), 'utf8')));
}

/** Everything of a run that is still on this host after its end: processes, sockets, files. Should be empty. */
export async function leftBehind(cache: string, run: string): Promise<readonly string[]> {
  const processes: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(`katafarm-${run}`)) {
      processes.push(`process ${pid}: ${command.replaceAll('\0', ' ').slice(0, 100)}`);
    }
  }
  const folders = [...(await workspacesIn(join(cache, 'work'))), ...(await workspacesIn(tmpdir()))];
  return [...processes, ...folders];
}

/** Those of the folder's workspaces that no living process owns: other farms of this host may be at work. */
async function workspacesIn(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^katafarm-\w{6}$/.test(name));
  const owned = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name, 'owner.json'), 'utf8').catch(() => undefined);
      return text !== undefined && isAlive(JSON.parse(text) as Owner);
    }),
  );
  return names.filter((_name, index) => !owned[index]).map((name) => join(folder, name));
}
