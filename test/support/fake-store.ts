import type { Store, Stored } from '../../src/machine/store.ts';

/** What a fake provider keeps: lists and removes as the real one does, and knows a folder for some of it. */
export interface FakeStore extends Store {
  readonly put: (item: Pick<Stored, 'kind' | 'id' | 'distro' | 'title'>, folder: string) => void;
  /** Undefined where there is no such thing, or no more. */
  readonly folderOf: (kind: Stored['kind'], id: string) => string | undefined;
  /** Until this is disposed of, it is in use. */
  readonly use: (kind: Stored['kind'], id: string) => Disposable;
}

const moment = '2026-01-01T00:00:00.000Z';

/** A store that holds this to begin with. */
export function fakeStore(initial: readonly Stored[] = []): FakeStore {
  const nameOf = ({ kind, id }: Pick<Stored, 'kind' | 'id'>) => `${kind} ${id}`;
  const items = new Map(initial.map((item) => [nameOf(item), item]));
  const folders = new Map<string, string>();
  const users = new Map<string, number>();
  const isUsed = (name: string) => (users.get(name) ?? 0) > 0;

  return {
    put(item, folder) {
      const usual = { bytes: 4096, madeAt: moment, usedAt: moment, inUse: false };
      items.set(nameOf(item), { ...item, ...usual });
      folders.set(nameOf(item), folder);
    },
    folderOf: (kind, id) => folders.get(nameOf({ kind, id })),
    use(kind, id) {
      const name = nameOf({ kind, id });
      users.set(name, (users.get(name) ?? 0) + 1);
      return { [Symbol.dispose]: () => void users.set(name, (users.get(name) ?? 1) - 1) };
    },
    list: async () => [...items].map(([name, item]) => ({ ...item, inUse: item.inUse || isUsed(name) })),
    async remove(item) {
      const name = nameOf(item);
      if (items.get(name)?.inUse || isUsed(name)) {
        return 'in use';
      }
      items.delete(name);
      folders.delete(name);
      return 'removed';
    },
  };
}
