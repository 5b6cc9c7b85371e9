import { execFile } from 'node:child_process';
import { access, constants, readFile, statfs } from 'node:fs/promises';
import { cpus, freemem, release, totalmem, userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Context } from './context.ts';
import { cacheOf } from './provider-options.ts';
import { locate, type Tool, toolsFor } from './tool-table.ts';
import { remedyFor } from './tools.ts';

/** One thing that the doctor looked at. `missing`: the farm can't work without it. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'missing';
  /** What was found, in words. */
  readonly found: string;
  readonly remedy?: string;
}

type Surroundings = Pick<Context, 'env' | 'cwd' | 'signal'>;

const gibibyte = 1024 ** 3;

/** CPU, memory, kernel, and room where the farm writes. */
export async function hostChecks(context: Surroundings): Promise<readonly Check[]> {
  const [cpu] = cpus();
  const memory = totalmem() / gibibyte;

  return [
    { name: 'cpu', status: 'ok', found: `${cpus().length} × ${cpu?.model.trim() || 'unknown model'}` },
    { name: 'kernel', status: 'ok', found: release() },
    {
      name: 'memory',
      found: `${memory.toFixed(1)} GiB, ${(freemem() / gibibyte).toFixed(1)} free`,
      ...(memory < 7.5
        ? { status: 'warn', remedy: 'machines have 6 GiB: say --memory 4G, or expect the host to run out' }
        : { status: 'ok' }),
    },
    await roomCheck('cache', cacheOf(context)),
    await roomCheck('out', resolve(context.cwd, context.env['KATAFARM_OUT'] || 'reports/runs')),
  ];
}

/** Every tool, with its version; what is not there is `lacking`. */
export async function toolChecks(
  { env, signal }: Surroundings,
  tools: readonly Tool[] = toolsFor(),
  lacking: 'missing' | 'warn' = 'missing',
): Promise<readonly Check[]> {
  return Promise.all(
    tools.map(async (tool): Promise<Check> => {
      const place = await locate(tool, env['PATH']);
      if (!place) {
        const remedy = `${await remedyFor([tool], env)}   (or: katafarm doctor --yes)`;
        return { name: tool.name, status: lacking, found: `not there; it ${tool.why}`, remedy };
      }
      const version = tool.version ? await versionOf(place, tool.version, signal) : 'there';
      return { name: tool.name, status: 'ok', found: version };
    }),
  );
}

/** What an ordinary user needs to build images in a user namespace; root needs nothing. */
export async function userChecks(
  { uid, username }: { readonly uid: number; readonly username: string } = userInfo(),
  file = '/etc/subuid',
): Promise<readonly Check[]> {
  if (uid === 0) {
    return [{ name: 'user', status: 'ok', found: 'root' }];
  }

  const ranges = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  if (ranges.some((line) => line.startsWith(`${username}:`) || line.startsWith(`${uid}:`))) {
    return [{ name: 'user', status: 'ok', found: `${username}, with a range in ${file}` }];
  }
  return [
    {
      name: 'user',
      status: 'missing',
      found: `${username} has no range in ${file}; images are built in a user namespace`,
      remedy: `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`,
    },
  ];
}

/** What /dev/kvm looks like. Whether it works is found out by the probe alone: presence proves nothing. */
export async function kvmChecks(sys = '/sys/module', device = '/dev/kvm'): Promise<readonly Check[]> {
  if (!(await can(device, constants.F_OK))) {
    const found = 'not there: machines are emulated, about ten times slower';
    return [
      { name: device, status: 'warn', found, remedy: 'modprobe kvm_intel or kvm_amd, where the CPU has it' },
    ];
  }
  if (!(await can(device, constants.R_OK | constants.W_OK))) {
    const remedy = `sudo usermod --append --groups kvm ${userInfo().username}, then log in again`;
    return [
      { name: device, status: 'warn', found: 'there, and not ours to use: machines are emulated', remedy },
    ];
  }

  for (const module of ['kvm_intel', 'kvm_amd']) {
    if (await can(`${sys}/${module}`, constants.F_OK)) {
      const nested = await readFile(`${sys}/${module}/parameters/nested`, 'utf8').catch(() => '?');
      return [
        {
          name: device,
          status: 'ok',
          found: `there, ${module} loaded, nested=${nested.trim()}; the probe of a run decides`,
        },
      ];
    }
  }
  const found =
    'there, but neither kvm_intel nor kvm_amd is loaded: likely unusable; the probe of a run decides';
  return [
    { name: device, status: 'warn', found, remedy: 'none needed: where it fails, machines are emulated' },
  ];
}

async function roomCheck(name: string, folder: string): Promise<Check> {
  const { bavail, bsize, ffree, files } = await statfs(await existing(folder));
  const free = (bavail * bsize) / gibibyte;
  const found = `${folder}: ${free.toFixed(1)} GiB free${files > 0 ? `, ${ffree} inodes` : ''}`;
  const remedy = `free some, or point ${name === 'cache' ? 'KATAFARM_CACHE' : 'KATAFARM_OUT'} elsewhere`;

  if (free < 2 || (files > 0 && ffree < 10_000)) {
    return { name, status: 'missing', found, remedy };
  }
  return free < 10 ? { name, status: 'warn', found, remedy } : { name, status: 'ok', found };
}

/** A folder, or the nearest one above it that is there. */
async function existing(folder: string): Promise<string> {
  return (await can(folder, constants.F_OK)) ? folder : existing(dirname(folder));
}

function can(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** The first line of what a tool says of itself, on whichever stream. */
function versionOf(file: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: 10_000, signal }, (_, stdout, stderr) => {
      resolve((stdout || stderr).split('\n')[0]?.trim() || 'there');
    });
  });
}
