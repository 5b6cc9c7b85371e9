import { Command } from 'commander';
import { UserError } from '../errors.ts';
import type { Context, Verb } from './context.ts';
import { addPlanOutput, ensureHandedOut, type PlanOutput } from './fan-out-option.ts';
import { addMachines, addSelection, type MachineOptions, type Selection } from './options.ts';
import { planText } from './plan-text.ts';
import type { Planned } from './planned.ts';
import { addSource, type SourceChoice } from './source-option.ts';

const examples = `
Examples:
  katafarm plan                                  everything, on every release
  katafarm plan debian-12 debian-13              two releases
  katafarm plan debian-13 --scenario 'vmm.*'     some scenarios
  katafarm plan debian-13 --stack qemu --json    one stack, as JSON: batches and what is skipped
  katafarm plan --shard 2/3                      what katafarm run --shard 2/3 would run
  katafarm plan --github --within 45m            shards for strategy.matrix, none longer than that
  katafarm plan --kubernetes --shards 8 --job-image REF | kubectl create -f -

Nothing is built, downloaded or booted. Docs: docs/nightly.md.
`;

type Options = Selection & MachineOptions & SourceChoice & PlanOutput;

/** Says what would run by release and stack, and what is skipped and why; or how it is handed out to many hosts. */
export const plan: Verb = (context) =>
  addPlanOutput(addSource(addMachines(addSelection(new Command('plan')))), context)
    .description('what would run, what is skipped and why; boots nothing')
    .argument('[distro...]', 'releases; all of them, on amd64, unless given')
    .addHelpText('after', examples)
    .action(async (given: string[], chosen: Options, command: Command) => {
      ensureHandedOut(command, chosen);
      const { plannedOf } = await import('./planned.ts');
      const { withMachines } = await import('./ssh-machines.ts');
      const { words, options } = await withMachines(context, given, chosen);
      const whole = await plannedOf(context, words, options, 'look');

      context.out(`${await textOf(context, whole, words, options)}\n`);
      if (whole.starved.length > 0) {
        throw new UserError(
          `cannot run anything of ${whole.starved.join(', ')}: every such cell is skipped`,
          {
            exitCode: 3,
          },
        );
      }
    });

async function textOf(
  context: Context,
  whole: Planned,
  words: readonly string[],
  options: Options,
): Promise<string> {
  if (options.github || options.kubernetes) {
    return handedOut(context, whole, words, options);
  }
  const { shardOf } = await import('./sharded.ts');
  const { planned } = await shardOf(context, whole, options);
  return options.json ? JSON.stringify(planned.plan, null, 2) : planText(planned.plan).trimEnd();
}

async function handedOut(
  context: Context,
  whole: Planned,
  words: readonly string[],
  options: Options,
): Promise<string> {
  const { fanOut, githubMatrix } = await import('./fan-out.ts');
  if (whole.plan.batches.length === 0) {
    throw new UserError('cannot hand anything out: every cell is skipped; katafarm plan says why', {
      exitCode: 3,
    });
  }
  const split = await fanOut(context, whole, options, options.out);
  if (options.github) {
    return githubMatrix(split);
  }

  const { jobImage, claim, kvm } = options;
  if (!jobImage) {
    throw new UserError(
      'cannot write a Job without an image: name one that has katafarm and its tools, --job-image REF; docs/nightly.md has its Dockerfile',
    );
  }
  const { stringify } = await import('yaml');
  const { repeatCommand } = await import('./run-started.ts');
  const { kubernetesJob } = await import('./kubernetes-job.ts');
  const command = repeatCommand(words, { ...options, retries: 1, keep: 'never' });
  return stringify(kubernetesJob(command, split.parts.length, { jobImage, claim, kvm }), {
    lineWidth: 0,
    aliasDuplicateObjects: false,
  }).trimEnd();
}
