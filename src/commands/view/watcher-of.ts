import { plain } from '../../domain/text.ts';
import type { Watcher } from '../../run/watcher.ts';
import type { Context } from '../context.ts';
import type { OutputOptions } from '../options.ts';
import { lines } from './lines.ts';

const nobody: Watcher = { noted() {}, began() {}, said() {}, heard() {} };

/** Who watches a run, by what was asked for and what stderr is. */
export function watcherOf(
  { err, now }: Pick<Context, 'err' | 'now'>,
  { quiet, verbose }: Pick<OutputOptions, 'quiet' | 'verbose'>,
): Watcher {
  return quiet ? nobody : lines((text) => err(plain(text)), now, verbose ?? false);
}
