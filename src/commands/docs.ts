import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { document } from '../publish/document.ts';
import type { Verb } from './context.ts';
import { homeOf } from './folders.ts';
import { publishedPages } from './published-pages.ts';

/** Every published page anew, of what the committed matrix and the catalogue say. */
export const docs: Verb = (context) =>
  new Command('docs')
    .description('write the supported-OS docs and osinfo anew, from the committed matrix and the catalogue')
    .option('--out <dir>', 'the folder that is published, instead of reports')
    .option('--check', 'write nothing; exit status 1 where something would change')
    .option('--json', 'print one JSON value instead of lines')
    .addHelpText(
      'after',
      `
Reads matrix.json and history/ of the published folder (publish adds runs to them) and distros/, and writes SUPPORT.md, a
page a release below distros/, osinfo/ with its schema and index, who-ships.md, matrix.schema.json, site/: the page that
people read (site/index.html, static) with badges and a feed of what broke, and a page for Kata's own documentation. No
machine, no network. Without news no byte changes.

Examples:
  katafarm docs                    after a change in distros/
  katafarm docs --check            in CI: are the committed pages those of the committed matrix?
  katafarm docs --out /srv/www     of another folder's matrix.json

Exit status: 0 written, or nothing to change; 1 --check found a change; 2 a wrong file.`,
    )
    .action(async (options: { readonly out?: string; readonly check?: true; readonly json?: true }) => {
      const folder =
        options.out === undefined ? join(homeOf(context), 'reports') : resolve(context.cwd, options.out);
      const pages = await publishedPages(context);
      const { changed, removed, total } = await document(folder, pages, { dry: options.check ?? false });
      const stale = [...changed, ...removed];

      if (options.json) {
        context.out(`${JSON.stringify({ folder, total, changed, removed }, undefined, 2)}\n`);
      } else if (stale.length === 0) {
        context.out(`${total} files are as they should be\n`);
      } else {
        const would = options.check ? 'would be ' : '';
        context.out(changed.map((path) => `${would}written: ${join(folder, path)}\n`).join(''));
        context.out(removed.map((path) => `${would}removed: ${join(folder, path)}\n`).join(''));
      }
      if (options.check && stale.length > 0) {
        context.err(
          'katafarm: the pages are not those of the matrix and the catalogue: run katafarm docs and commit\n',
        );
        context.exit(1);
      }
    });
