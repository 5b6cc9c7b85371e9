import { type Command, Option } from 'commander';
import type { ShardName } from '../domain/shard.ts';
import { UserError } from '../errors.ts';

/** Which part of a plan is meant; `split`: the digest that its whole has to have. */
export interface ShardChoice {
  readonly shard?: ShardName & { readonly split?: string };
}

/** Adds `--shard`: read it as {@link ShardChoice}. */
export function addShard(command: Command): Command {
  return command.addOption(
    new Option(
      '--shard <i/n>',
      'only this part of the plan: 2/3; of 2/3@DIGEST, only if the whole is still the same',
    ).argParser(shardName),
  );
}

/** As it can be typed again. */
export function shardWord({ index, of, split }: NonNullable<ShardChoice['shard']>): string {
  return `${index}/${of}${split === undefined ? '' : `@${split}`}`;
}

/** A matrix of GitHub's has at most as many jobs. */
const mostShards = 256;

function shardName(text: string): NonNullable<ShardChoice['shard']> {
  const [, first = '', second = '', split] = /^(\d{1,4})\/(\d{1,4})(?:@([0-9a-f]{12}))?$/.exec(text) ?? [];
  const [index, of] = [Number(first), Number(second)];
  if (first === '' || index < 1 || index > of || of > mostShards) {
    throw new UserError(
      `cannot read --shard "${text}": say which of how many, from 1/2 and 2/2 to ${mostShards}/${mostShards}; katafarm plan --github prints them all`,
    );
  }
  return { index, of, ...(split !== undefined && { split }) };
}
