import { Option } from 'commander';
import { oneOf } from './parsers.ts';

/** An option that takes one word out of a few: its help names them, shells complete them, others are refused. */
export function choice(flags: string, description: string, words: readonly string[]): Option {
  const option = new Option(flags, description).choices(words);
  return option.argParser(oneOf(option.long ?? flags, words));
}
