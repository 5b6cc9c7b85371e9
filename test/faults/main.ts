import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import PQueue from 'p-queue';
import { bank } from './bank.ts';
import { isGood, type Named, tableOf } from './judgement.ts';
import { tryFault } from './try-fault.ts';

const help = `Usage: npm run faults -- [options]

Plants faults in machines of debian-13, one at a time, runs katafarm on them, and says whom it blamed.

Options:
  --only PATTERN   only faults whose id matches this regular expression
  --jobs N         so many runs at once (default: 1)
  --list           what there is, and why who is to be blamed; runs nothing
  --keep           keep the runs of all faults, and not only of those that went wrong
  -h, --help       this

Examples:
  npm run faults                              all of them, as a table
  npm run faults -- --only '^virtiofsd'       those of virtiofsd
  npm run faults -- --list --only apparmor

Exit status: 0 nobody is blamed who has no part in it, and at least 90 % are named as they must be; 1 otherwise;
2 wrong use; 3 nothing was tried.
`;

/** Whoever stops it wants the table of what was tried all the same. */
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

process.exitCode = await main();

async function main(): Promise<number> {
  const given = optionsIn(process.argv.slice(2));
  if (typeof given === 'string') {
    process.stderr.write(`cannot run the bank: ${given}\n\n${help}`);
    return 2;
  }
  if (given.help) {
    process.stdout.write(help);
    return 0;
  }

  const chosen = bank.filter(({ id }) => given.only.test(id));
  if (given.list) {
    for (const { id, title, scenario, expect, why } of chosen) {
      const whom = expect === 'unknown' ? expect : `${expect.component} ${expect.class}`;
      process.stdout.write(`${id}: ${title}, in ${scenario}\n  ${whom}: ${why}\n`);
    }
    return 0;
  }
  const all = await tried(chosen, given);
  process.stdout.write(tableOf(all));
  if (all.length === 0) {
    return 3;
  }
  return isGood(all) && all.length === chosen.length ? 0 : 1;
}

interface Given {
  readonly only: RegExp;
  readonly jobs: number;
  readonly list: boolean;
  readonly keep: boolean;
  readonly help: boolean;
}

function optionsIn(args: readonly string[]): Given | string {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', default: '' },
        jobs: { type: 'string', default: '1' },
        list: flag,
        keep: flag,
        help: { ...flag, short: 'h' },
      },
    });
    const jobs = Number(values.jobs);
    return Number.isInteger(jobs) && jobs > 0
      ? { ...values, jobs, only: new RegExp(values.only) }
      : `--jobs is a whole number from 1 on, and not ${values.jobs}`;
  } catch (error) {
    return (error as Error).message;
  }
}

async function tried(chosen: typeof bank, { jobs, keep }: Given): Promise<readonly Named[]> {
  const place = await mkdtemp(join(tmpdir(), 'katafarm-faults-'));
  const queue = new PQueue({ concurrency: jobs });
  let count = 0;

  const all = await queue.addAll(
    chosen.map((fault) => async (): Promise<Named | undefined> => {
      if (stop.signal.aborted) {
        return undefined;
      }
      const named = await tryFault(fault, join(place, fault.id));
      count += 1;
      const { verdict, seconds } = named;
      const took = `${Math.round(seconds)} s`;
      process.stderr.write(
        `${count} of ${chosen.length}: ${fault.id}: ${named.named}: ${verdict}, ${took}\n`,
      );
      if (verdict === 'right' && !keep) {
        await rm(named.folder, { recursive: true, force: true });
      } else {
        process.stderr.write(`  its run is in ${named.folder}\n`);
      }
      return named;
    }),
  );
  return all.filter((one) => one !== undefined);
}
