import { Command, Option } from 'commander';
import type { Provider } from '../machine/machine.ts';
import type { Store, Stored } from '../machine/store.ts';
import type { Context, Verb } from './context.ts';
import { dayMs, expired, type Patience, usualPatience } from './gc-policy.ts';
import { table } from './listing.ts';
import { days } from './parsers.ts';
import { cacheOf } from './provider-options.ts';
import { ago, size } from './sizes.ts';
import { storesOf } from './stored.ts';

const examples = `
Examples:
  katafarm gc --dry-run        what would be freed, and how much; frees nothing
  katafarm gc                  kept machines older than 7 days; images, templates and Katas unused for 14
  katafarm gc --unused 2d      images, templates and Katas that no run has used for two days
  katafarm gc --kept 0d        every kept machine
  katafarm gc --all            everything that is not in use; the next run has its images and Katas anew

What is in use by a run, a shell or something else in the cache stays. Also removed: what dead runs left.
`;

interface GcOptions {
  readonly dryRun?: true;
  /** Days. */
  readonly unused: number;
  /** Days. */
  readonly kept: number;
  readonly all?: true;
  readonly json?: true;
}

/** `katafarm gc`: frees what nobody will miss, and says what that was. */
export const gc: Verb = (context) =>
  new Command('gc')
    .description('free what the cache holds and nobody will miss')
    .option('--dry-run', 'say what would be freed, and free nothing')
    .addOption(
      new Option('--unused <age>', 'images, templates and Katas that were not used for so long: 14d')
        .argParser(days('--unused'))
        .default(usualPatience.unusedMs / dayMs, '14d'),
    )
    .addOption(
      new Option('--kept <age>', 'machines that runs kept so long ago: 7d')
        .argParser(days('--kept'))
        .default(usualPatience.keptMs / dayMs, '7d'),
    )
    .option('--all', 'whatever their age')
    .option('--json', 'one JSON value on stdout')
    .addHelpText('after', examples)
    .action((options: GcOptions) => collect(context, options));

interface Freed extends Stored {
  readonly provider?: string;
}

/** Whoever keeps something in the cache. */
interface Keeper {
  /** Missing for Katas, which are no provider's. */
  readonly provider?: string;
  readonly store?: Store;
  /** Removes what dead runs left, and says what that was. */
  reap(): Promise<readonly string[]>;
}

async function collect(context: Context, options: GcOptions): Promise<void> {
  const patience: Patience = options.all
    ? { unusedMs: 0, keptMs: 0 }
    : { unusedMs: options.unused * dayMs, keptMs: options.kept * dayMs };
  await using stores = await storesOf(context);
  const freed: Freed[] = [];
  const litter: string[] = [];

  for (const keeper of [...stores.providers.map(keeperOf), await katasKeeper(context)]) {
    if (!options.dryRun) {
      litter.push(...(await keeper.reap()));
    }
    freed.push(...(await freedOf(keeper, patience, context, options.dryRun ?? false)));
  }
  const bytes = freed.reduce((sum, item) => sum + item.bytes, 0);

  if (options.json) {
    context.out(`${JSON.stringify({ dryRun: options.dryRun ?? false, bytes, freed, litter }, null, 2)}\n`);
    return;
  }
  context.out(textOf(freed, litter, bytes, context.now(), options.dryRun ?? false));
}

function keeperOf(provider: Provider): Keeper {
  const { name, store } = provider;
  return { provider: name, ...(store && { store }), reap: () => provider.reap() };
}

async function katasKeeper(context: Context): Promise<Keeper> {
  const { kataStore } = await import('../install/kata/kata-store.ts');
  const { sweepWork } = await import('../install/kata/kata-cache.ts');
  const cache = cacheOf(context);
  return { store: kataStore(cache), reap: () => sweepWork(cache, context.now(), context.signal) };
}

/** Frees until nothing more expires: an image may go when the last template that rests on it has gone. */
async function freedOf(
  { provider, store }: Keeper,
  patience: Patience,
  { now, signal }: Context,
  dryRun: boolean,
): Promise<readonly Freed[]> {
  const freed: Freed[] = [];
  const seen = new Set<string>();
  for (;;) {
    const items = expired((await store?.list()) ?? [], patience, now());
    const fresh = items.filter(({ kind, id }) => !seen.has(`${kind} ${id}`));
    if (!store || fresh.length === 0) {
      return freed;
    }
    for (const item of fresh) {
      signal.throwIfAborted();
      seen.add(`${item.kind} ${item.id}`);
      if (dryRun || (await store.remove(item)) === 'removed') {
        freed.push({ ...item, ...(provider !== undefined && { provider }) });
      }
    }
  }
}

function textOf(
  freed: readonly Freed[],
  litter: readonly string[],
  bytes: number,
  now: Date,
  dryRun: boolean,
): string {
  const head = ['what', 'release', 'of', 'size', 'made', 'last used'];
  const rows = freed.map(({ kind, distro, title, bytes: own, madeAt, usedAt }) => [
    kind,
    distro ?? '',
    title,
    size(own),
    `${ago(madeAt, now)} ago`,
    `${ago(usedAt, now)} ago`,
  ]);
  const left = litter.map((what) => `left by a dead run: ${what}\n`).join('');
  const sum = dryRun ? `would free ${size(bytes)}; katafarm gc does\n` : `freed ${size(bytes)}\n`;
  const end = bytes > 0 ? sum : 'nothing to free\n';
  return `${rows.length > 0 ? table({ value: freed, head, rows }) : ''}${left}${bytes > 0 || left === '' ? end : ''}`;
}
