import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { ScenarioSpec } from '../domain/scenario.ts';
import { UserError } from '../errors.ts';
import { withoutSecrets } from '../install/overlay/parts.ts';
import { hintOf } from '../load/nearest.ts';
import type { Context } from './context.ts';

type Sources = Readonly<Record<string, string>>;

/** What scenarios build, in place of what they would fetch from its publisher. */
export interface SourceChoice {
  /** As it was said: files and addresses by the names that scenarios know them by. */
  readonly source?: Sources;
}

/** Adds `--source`: read it as {@link SourceChoice}. */
export function addSource(command: Command): Command {
  return command.addOption(
    new Option(
      '--source <name=what>',
      "what scenarios build, in place of its publisher's: a tarball or its address, as in qemu=qemu-11.0.1.tar.xz; for build.qemu and build.clh",
    ).argParser(sourceWord),
  );
}

/** As they can be typed again, but for the secrets of an address. */
export function sourceWords({ source = {} }: SourceChoice): readonly string[] {
  return Object.entries(source).flatMap(([name, what]) => ['--source', `${name}=${withoutSecrets(what)}`]);
}

/** Files that stand in for a publisher's source: a run with one is modified by hand. */
export function broughtSources({ source = {} }: SourceChoice): readonly string[] {
  return Object.entries(source)
    .filter(([, what]) => !isAddress(what))
    .map(([name, what]) => `--source ${name}=${what}`);
}

/** The same with whole paths. Throws a UserError for a file that is not there. */
export async function sourcesAtHand(
  { cwd }: Pick<Context, 'cwd'>,
  { source = {} }: SourceChoice,
): Promise<Sources> {
  const found = Object.entries(source).map(async ([name, what]) => {
    if (isAddress(what)) {
      return [name, what] as const;
    }
    const path = resolve(cwd, what);
    const seen = await stat(path).catch(() => undefined);
    if (!seen?.isFile()) {
      const why = seen?.isDirectory() ? 'it is a folder' : 'there is no such file';
      throw new UserError(`cannot use --source ${name}=${what}: ${why}; name a tarball`);
    }
    return [name, path] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

/** Throws a UserError for a name by which no scenario takes anything. */
export function ensureTaken(
  { source = {} }: SourceChoice,
  scenarios: readonly Pick<ScenarioSpec, 'takes'>[],
): void {
  const taken = scenarios.flatMap(({ takes = [] }) => takes);
  const strange = Object.keys(source).find((name) => !taken.includes(name));
  if (strange === undefined) {
    return;
  }
  const hint =
    taken.length > 0
      ? hintOf(strange, taken)
      : 'it is for build.qemu (qemu) and build.clh (clh), which run where they are named: --scenario build.qemu';
  throw new UserError(
    `cannot use --source ${strange}=…: no scenario of this run takes a source of that name; ${hint}`,
  );
}

const isAddress = (what: string) => /^https?:\/\//.test(what);

/** The file's name stands in commands that are published: it is one that nobody has to quote. */
function sourceWord(text: string, before: Sources = {}): Sources {
  const [, name, what] = /^([a-z][a-z0-9-]*)=(\S.*)$/.exec(text) ?? [];
  if (name === undefined || what === undefined) {
    throw new UserError(
      `cannot read --source "${text}": say NAME=FILE or NAME=ADDRESS, as in qemu=qemu-11.0.1.tar.xz`,
    );
  }
  if (!/^[\w.+~-]+\.(?:tar|tgz|tar\.\w+)$/.test(basename(what))) {
    throw new UserError(
      `cannot use --source "${text}": its name must be a tarball's, of letters, digits and . + ~ - _ alone`,
    );
  }
  return { ...before, [name]: what };
}
