import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childCpu } from './child-cpu.ts';
import type { Row } from './row.ts';

const rounds = 7;
/** Calls in a row, as the kernel's figures are good to a hundredth of a second. */
const calls = 4;

/** What a call of the CLI costs once the compile cache is there, against a Node that does nothing; by turns. */
export async function startup(root: string): Promise<readonly Row[]> {
  const launcher = join(root, 'katafarm');
  const [node = 0, list = 0, help = 0] = await cpuOf(
    [process.execPath, '-e', '0'],
    [launcher, 'list', 'scenarios'],
    [launcher, '--help'],
  );
  const common = { unit: 'ms', against: `node -e 0: ${node.toFixed(0)} ms` };

  return [
    {
      what: 'CPU of katafarm list scenarios',
      figure: list,
      ...common,
      ratio: list / node,
      limit: 'at most 150 ms',
    },
    { what: 'CPU of katafarm --help', figure: help, ...common, ratio: help / node },
  ];
}

/** CPU of one call of each command in milliseconds, the median of all rounds; they take turns, and the first does not count. */
async function cpuOf(...commands: readonly (readonly string[])[]): Promise<readonly number[]> {
  const taken = commands.map((): number[] => []);

  for (let round = 0; round <= rounds; round++) {
    for (const [index, command] of commands.entries()) {
      const before = childCpu();
      for (let call = 0; call < calls; call++) {
        await succeed(command);
      }
      taken[index]?.push(((childCpu() - before) / calls) * 1000);
    }
  }
  return taken.map((all) => all.slice(1).toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN);
}

async function succeed([program = '', ...argv]: readonly string[]): Promise<void> {
  const [code] = await once(spawn(program, argv, { stdio: 'ignore' }), 'close');
  if (code !== 0) {
    throw new Error(`cannot measure ${program} ${argv.join(' ')}: it ended with ${code}`);
  }
}
