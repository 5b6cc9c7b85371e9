import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { UserError } from '../errors.ts';
import { addShard, type ShardChoice } from './add-shard.ts';
import type { Context } from './context.ts';
import type { FanOutChoice } from './fan-out.ts';
import { claimName, jobImage, kvmWay } from './job-values.ts';
import { type JobChoice, kvmResource } from './kubernetes-job.ts';
import { count, duration } from './parsers.ts';

/** For what a plan is written. */
export interface PlanOutput
  extends FanOutChoice,
    ShardChoice,
    Partial<Pick<JobChoice, 'jobImage'>>,
    Omit<JobChoice, 'jobImage'> {
  readonly json?: true;
  readonly github?: true;
  readonly kubernetes?: true;
  /** Where the runs are that tell how long things take. */
  readonly out: string;
}

/** Adds `--json`, `--shard`, `--github`, `--kubernetes` and what these take: read them as {@link PlanOutput}. */
export function addPlanOutput(command: Command, { env, cwd }: Pick<Context, 'env' | 'cwd'>): Command {
  return addShard(command)
    .addOption(new Option('--json', 'the plan as one JSON value').conflicts(['github', 'kubernetes']))
    .addOption(
      new Option('--github', 'for strategy.matrix of GitHub Actions: one job a shard').conflicts([
        'kubernetes',
        'shard',
      ]),
    )
    .addOption(new Option('--kubernetes', 'the manifest of an Indexed Job, a pod a shard').conflicts('shard'))
    .addOption(
      new Option('--shards <n>', 'so many, or fewer where there is less').argParser(count('--shards', 1)),
    )
    .addOption(
      new Option(
        '--within <duration>',
        'as many as it takes for each to be done in so long, but no more than 20',
      )
        .argParser(within)
        .default(45 * 60_000, '45m'),
    )
    .addOption(
      new Option(
        '--job-image <ref>',
        'container image of the pods, with katafarm in its working directory',
      ).argParser(jobImage),
    )
    .addOption(
      new Option('--claim <name>', 'PersistentVolumeClaim that journals are written to')
        .argParser(claimName)
        .default('katafarm-journals'),
    )
    .addOption(
      new Option('--kvm <how>', "how pods get /dev/kvm: a device plugin's resource, privileged, or none")
        .argParser(kvmWay)
        .default(kvmResource),
    )
    .addOption(
      new Option('--out <dir>', 'where runs are, which tell how long things take ($KATAFARM_OUT)')
        .argParser((text) => resolve(cwd, text))
        .default(resolve(cwd, env['KATAFARM_OUT'] || 'reports/runs'), 'reports/runs'),
    );
}

/** What is of no use unless the plan is written for hosts, and for which ones. */
const ofHosts = { shards: '--shards', within: '--within' };
const ofPods = { jobImage: '--job-image', claim: '--claim', kvm: '--kvm' };

/** Throws a UserError for an option that would change nothing. */
export function ensureHandedOut(command: Command, { github, kubernetes, shards = 2 }: PlanOutput): void {
  const said = (names: Readonly<Record<string, string>>) =>
    Object.keys(names).flatMap((name) =>
      command.getOptionValueSource(name) === 'cli' ? (names[name] ?? []) : [],
    );
  const [host] = github || kubernetes ? [] : said(ofHosts);
  if (host) {
    throw new UserError(
      `cannot use ${host} alone: say for which hosts, --github or --kubernetes; --shard 1/${shards} shows one part of the plan`,
    );
  }
  const [pod] = kubernetes ? [] : said(ofPods);
  if (pod) {
    throw new UserError(`cannot use ${pod} without --kubernetes`);
  }
}

function within(text: string): number {
  try {
    return duration(text);
  } catch (error) {
    throw error instanceof UserError
      ? new UserError(error.message.replaceAll('--timeout', '--within'))
      : error;
  }
}
