import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly steps: readonly Step[];
        readonly env?: Readonly<Record<string, string>>;
        readonly permissions?: Readonly<Record<string, string>>;
        readonly strategy?: { readonly 'fail-fast': boolean };
        readonly [key: string]: unknown;
      }
    >
  >;
}

export async function workflowIn(path: string): Promise<Workflow> {
  return parse(await readFile(path, 'utf8')) as Workflow;
}

/** What a step came to, as a runner knows it. */
export interface Stepped {
  readonly code: number | null;
  readonly said: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/**
 * Runs the shell of one step as a runner of GitHub's does (`bash -e`, files for outputs and summary). `values`: what the
 * expressions in its environment stand for; one that is not there is a mistake of the test's.
 */
export async function step(
  workflow: Workflow,
  job: string,
  name: string,
  at: {
    readonly cwd: string;
    readonly values: Readonly<Record<string, string>>;
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<Stepped> {
  const whole = workflow.jobs[job];
  const found = whole?.steps.find((one) => one.name === name);
  if (!found?.run) {
    throw new Error(`${job} has no step ${name} with a shell`);
  }
  const filled = (text: string) =>
    String(text).replaceAll(/\$\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => {
      const value = at.values[expression];
      if (value === undefined) {
        throw new Error(`nobody said what ${expression} is`);
      }
      return value;
    });
  const said = { ...workflow.env, ...whole?.env, ...found.env };
  const own = Object.fromEntries(Object.entries(said).map(([key, text]) => [key, filled(text)]));

  const files = await mkdtemp(join(tmpdir(), 'step-'));
  const [output, summary] = [join(files, 'output'), join(files, 'summary')];
  await Promise.all([
    writeFile(output, ''),
    writeFile(summary, ''),
    writeFile(join(files, 'run.sh'), found.run),
  ]);
  const runner = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', join(files, 'run.sh')], {
    cwd: at.cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: files, ...at.env, ...own, ...runner },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  const lines = (await readFile(output, 'utf8')).split('\n').filter((line) => line.includes('='));
  const outputs = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return { code, said: text, outputs, summary: await readFile(summary, 'utf8') };
}
