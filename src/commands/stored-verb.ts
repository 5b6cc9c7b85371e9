import { Command } from 'commander';
import { UserError } from '../errors.ts';
import { addDistrosFolder } from './add-folders.ts';
import type { Context } from './context.ts';
import { addMachines } from './options.ts';
import { size } from './sizes.ts';
import { byPrefix, storedOf, storedText, storesOf } from './stored.ts';
import { ensureTools } from './tools.ts';
import type { OnWorkbench, WorkbenchOptions } from './workbench.ts';

/** A kind of thing in the cache that has a verb of its own, and what people are told of it. */
export interface StoredKind {
  readonly kind: 'image' | 'template';
  readonly description: string;
  readonly examples: string;
  /** Has it made where it is not there; returns what to say. */
  readonly build: (on: OnWorkbench) => Promise<string>;
}

interface BuildOptions extends WorkbenchOptions {
  readonly yes?: true;
}

/** `list`, `build` and `rm` of a kind of thing in the cache. */
export function storedVerb(context: Context, { kind, description, examples, build }: StoredKind): Command {
  const verb = new Command(kind).description(description).addHelpText('after', examples);
  verb
    .command('list')
    .description(`the ${kind}s there are, the last used first`)
    .option('--json', 'one JSON value on stdout')
    .addHelpText('after', examples)
    .action(async ({ json }: { json?: true }) => {
      await using stores = await storesOf(context);
      const items = (await storedOf(stores.providers, kind)).map(({ item }) => item);
      context.out(json ? `${JSON.stringify(items, null, 2)}\n` : storedText(items, context.now()));
    });
  addDistrosFolder(addMachines(verb.command('build')))
    .description(`have the ${kind} of each release ready, so that a later run finds it`)
    .argument('<distro...>', 'releases')
    .option('--quiet', 'only what went wrong')
    .option('--yes', 'install missing tools of the host by its package manager')
    .addHelpText('after', examples)
    .action(async (words: string[], options: BuildOptions) => {
      const { openWorkbench, putOnWorkbench, releasesOf } = await import('./workbench.ts');
      const releases = await releasesOf(context, words, options);
      await ensureTools(context, { yes: options.yes ?? false });
      await using bench = await openWorkbench(context, kind, options);
      for (const release of releases) {
        const said = await build(await putOnWorkbench(bench, release));
        context.out(`${release.id}: ${said}\n`);
      }
    });
  verb
    .command('rm')
    .description(`remove ${kind}s, unless they are in use`)
    .argument('<id...>', 'ids; as much of each as tells it from the others')
    .addHelpText('after', examples)
    .action((ids: string[]) => remove(context, kind, ids));
  return verb;
}

async function remove(context: Context, kind: StoredKind['kind'], ids: readonly string[]): Promise<void> {
  await using stores = await storesOf(context);
  const all = await storedOf(stores.providers, kind);
  const chosen = [...new Set(ids.map((id) => byPrefix(all, id, kind)))];
  const busy: string[] = [];
  for (const { item, store } of chosen) {
    if ((await store.remove(item)) === 'in use') {
      busy.push(item.id.slice(0, 12));
    } else {
      context.out(`removed ${item.id.slice(0, 12)} (${item.distro}), ${size(item.bytes)}\n`);
    }
  }
  if (busy.length > 0) {
    throw new UserError(
      `cannot remove ${busy.join(', ')}: in use by a run, a shell, or something in the cache that rests on it; katafarm gc --dry-run says what can go`,
      { exitCode: 3 },
    );
  }
}
