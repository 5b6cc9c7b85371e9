import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../errors.ts';
import { hintOf } from '../load/nearest.ts';
import type { Context, Verb } from './context.ts';
import { type Wrapper, wrappers } from './init/wrappers.ts';
import { type NewFile, thereAlready, writeFiles } from './init/write-files.ts';

const examples = `
Examples:
  katafarm init                            what there is
  katafarm init autopkgtest                debian/tests/ of the source package in this folder
  katafarm init tmt --dir ~/virtiofsd      .fmf, a plan and a test in that folder
  katafarm init autopkgtest --force        the same, over files that are there
  katafarm init github                     a nightly for a checkout of katafarm itself; or gitlab: docs/nightly.md

The scripts of autopkgtest and tmt run katafarm on the package that is tested: once without it, once with it. What is newly red fails the test;
what katafarm can't tell there is skipped. Files that are there already are left alone.
`;

interface Options {
  readonly dir: string;
  readonly force?: true;
}

/** `katafarm init WHAT`: files by which some CI runs katafarm. */
export const init: Verb = (context) =>
  new Command('init')
    .description("write a nightly, or what a distro's own CI runs katafarm by")
    .argument('[what]', wrappers.map(({ name }) => name).join(' or '))
    .option('--dir <dir>', 'where the package is', '.')
    .option('--force', 'replace files that are there')
    .addHelpText('after', examples)
    .action((what: string | undefined, options: Options) =>
      what === undefined ? list(context) : write(context, wrapperOf(what), options),
    );

function list({ out }: Context): void {
  const width = Math.max(...wrappers.map(({ name }) => name.length));
  for (const { name, summary, files } of wrappers) {
    out(`${name.padEnd(width)}  ${summary}\n`);
    out(`${files.map(({ path }) => `${' '.repeat(width)}    ${path}\n`).join('')}`);
  }
}

function wrapperOf(what: string): Wrapper {
  const found = wrappers.find(({ name }) => name === what);
  if (!found) {
    const names = wrappers.map(({ name }) => name);
    throw new UserError(`cannot write what runs katafarm from "${what}": ${hintOf(what, names)}`);
  }
  return found;
}

async function write({ cwd, out }: Context, { files, next }: Wrapper, options: Options): Promise<void> {
  const folder = resolve(cwd, options.dir);
  const made: NewFile[] = await Promise.all(
    files.map(async ({ path, from, runs = false }) => ({
      path: join(folder, path),
      text: await readFile(join(import.meta.dirname, 'init', from), 'utf8'),
      mode: runs ? 0o755 : 0o644,
    })),
  );
  const there = options.force ? [] : await thereAlready(made);
  if (there.length > 0) {
    const names = there.map((path) => relative(cwd, path)).join(', ');
    throw new UserError(
      `cannot write ${names}: ${there.length > 1 ? 'they are' : 'it is'} there already; say --force to replace, or --dir and put them together by hand`,
    );
  }

  try {
    await writeFiles(made);
  } catch (cause) {
    throw new UserError(
      `cannot write into ${folder}: ${(cause as Error).message}; make room there, or name another folder by --dir`,
      { cause },
    );
  }
  for (const { path } of made) {
    out(`${relative(cwd, path)}\n`);
  }
  out(`next: ${next}\n`);
}
