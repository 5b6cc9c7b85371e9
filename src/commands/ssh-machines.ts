import { loadDistros } from '../load/load-distros.ts';
import type { Context } from './context.ts';
import { distroFolders } from './folders.ts';
import { type Settings, settingsOf } from './settings.ts';
import type { SshChoice } from './ssh-option.ts';

/** What is chosen by words and options, as far as machines that exist are concerned. */
type Choice = SshChoice & {
  readonly provider?: string;
  readonly distros?: string;
  readonly bundled?: boolean;
};

/**
 * `--provider ssh` without `--ssh` takes the machines of katafarm.yaml, as if they had been typed: of the releases in
 * `words`, or of all where there are no words. Throws a UserError where the file is wrong.
 */
export async function withMachines<T extends Choice>(
  context: Context,
  words: readonly string[],
  options: T,
): Promise<{ readonly words: readonly string[]; readonly options: T }> {
  if (options.provider !== 'ssh' || options.ssh) {
    return { words, options };
  }
  const { ssh: known = {} } = (await declared(context, options)) ?? {};
  const chosen = words.length > 0 ? words : Object.keys(known);
  const ssh = Object.fromEntries(Object.entries(known).filter(([release]) => chosen.includes(release)));
  return Object.keys(ssh).length > 0 ? { words: chosen, options: { ...options, ssh } } : { words, options };
}

/** The settings, whose machines are all of releases that there are; undefined: there is no such file. */
export async function declared(
  context: Context,
  own: Pick<Choice, 'distros' | 'bundled'>,
): Promise<Settings | undefined> {
  // Most have none: they need not wait for the releases.
  if (!(await settingsOf(context))) {
    return undefined;
  }
  const releases = await loadDistros(distroFolders(context, own));
  return settingsOf(
    context,
    releases.map(({ id }) => id),
  );
}
