import { UserError } from '../errors.ts';
import type { Provider } from '../machine/machine.ts';
import type { Store, Stored } from '../machine/store.ts';
import type { Context } from './context.ts';
import { type Listing, table } from './listing.ts';
import { cacheOf } from './provider-options.ts';
import { ago, size } from './sizes.ts';

/** The providers, for what they keep; no mirror is asked anything. Dispose of it when done. */
export async function storesOf(
  context: Context,
): Promise<AsyncDisposable & { readonly providers: readonly Provider[] }> {
  const providers = await context.providers({
    accelerator: 'auto',
    cache: cacheOf(context),
    allowExpiredMirror: false,
    freshness: 'offline',
  });
  return {
    providers,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(providers.map((provider) => provider[Symbol.asyncDispose]()));
    },
  };
}

/** What is kept of one kind, and where. */
export interface Place {
  readonly item: Stored;
  readonly store: Store;
}

/** Everything of a kind, the last used first. */
export async function storedOf(
  providers: readonly Provider[],
  kind: Stored['kind'],
): Promise<readonly Place[]> {
  const lists = await Promise.all(
    providers.map(async ({ store }) => (store ? (await store.list()).map((item) => ({ item, store })) : [])),
  );
  return lists
    .flat()
    .filter(({ item }) => item.kind === kind)
    .toSorted((a, b) => b.item.usedAt.localeCompare(a.item.usedAt));
}

/** As many letters of an id as tell them all apart, at least as many as are shown of a digest. */
const shortest = 12;

/** A table of what is stored, with ids that are short enough to be typed. */
export function storedText(items: readonly Stored[], now: Date): string {
  const head = ['id', 'release', 'of', 'size', 'made', 'last used', 'state'];
  const rows = items.map(({ id, distro, title, bytes, madeAt, usedAt, inUse }) => [
    id.slice(0, shortest),
    distro ?? '',
    title,
    size(bytes),
    `${ago(madeAt, now)} ago`,
    `${ago(usedAt, now)} ago`,
    inUse ? 'in use' : 'free',
  ]);
  const listing: Listing = { value: items, head, rows };
  return table(listing);
}

/** The one whose id begins so. Throws a UserError where there is none, or more than one. */
export function byPrefix(places: readonly Place[], prefix: string, kind: Stored['kind']): Place {
  const found = places.filter(({ item }) => item.id.startsWith(prefix));
  const [first, second] = found;
  if (!first || prefix === '') {
    throw new UserError(`cannot find the ${kind} ${prefix}: katafarm ${kind} list names them all`);
  }
  if (second && first.item.id !== prefix) {
    const ids = found.map(({ item }) => `${item.id.slice(0, shortest)} (${item.distro})`).join(', ');
    throw new UserError(`cannot tell which ${kind} ${prefix} is: it may be ${ids}`);
  }
  return first;
}
