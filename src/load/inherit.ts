import type { Arch } from '../domain/arch.ts';

/** A release's file as it was read, before anything was checked. */
export type Raw = Readonly<Record<string, unknown>>;

/** What no release has of another. */
const ownKeys = ['title', 'lifecycle', 'notes', 'ships', 'parent'];

/** Where a mapping is one statement, which is said anew or not at all. */
const statements = [/^parts\.[^.]+$/, /^images\.docker$/, /^ships$/];

/**
 * A release's file with all that its parent says and it doesn't. Mappings are merged, lists and statements replaced;
 * `null` takes something away. A claim that nobody looked up for the child is `unverified`, unless the child vouches
 * for all of them by a source called `inherited`.
 */
export function inherited(parentId: string, parent: Raw, child: Raw): Raw {
  const own = Object.entries(parent).filter(([key]) => !ownKeys.includes(key));
  const given = Object.fromEntries(own);
  const vouched = 'inherited' in mapping(child['sources']);
  const origin = (said: Raw): Raw =>
    vouched
      ? { from: 'inherited' }
      : { source: `as ${parentId}: ${sourceIn(parent, said)}`, trust: 'unverified' };
  const handed = (said: unknown): unknown => {
    const { from: _from, source: _source, trust: _trust, ...rest } = mapping(said);
    return { ...rest, ...origin(mapping(said)) };
  };
  const { docker, cloud, ...images } = mapping(parent['images']);

  return merged(
    {
      ...given,
      parts: mapped(mapping(parent['parts']), handed),
      images: {
        ...images,
        ...(docker !== undefined && { docker: handed(docker) }),
        ...(cloud !== undefined && { cloud: handed(cloud) }),
      },
    },
    child,
  );
}

/** A release's file as it is on one of its architectures: what it says under `on` comes before the rest. */
export function onArch(file: Raw, arch: Arch): Raw {
  const { on, ...rest } = file;
  return merged(rest, mapping(mapping(on)[arch]));
}

/** Whether a value is a mapping at all is the schema's to complain of. */
export function mapping(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

function sourceIn(file: Raw, { from, source }: Raw): string {
  if (typeof source === 'string') {
    return source;
  }
  const named = mapping(mapping(file['sources'])[typeof from === 'string' ? from : 'default'])['source'];
  return typeof named === 'string' ? named : 'nobody wrote down where';
}

function merged(base: Raw, over: Raw, place = ''): Raw {
  const entries = Object.entries(over).map(([key, value]): [string, unknown] => {
    const here = place === '' ? key : `${place}.${key}`;
    const before = base[key];
    const isMerged = isMapping(before) && isMapping(value) && !statements.some((one) => one.test(here));
    return [key, isMerged ? merged(unsourcedFor(value, before), value, here) : value];
  });
  const all = { ...base, ...Object.fromEntries(entries) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

/** What says anew where it was read has nothing of the parent's source. */
function unsourcedFor(child: Raw, parent: Raw): Raw {
  const { from: _from, source: _source, trust: _trust, ...rest } = parent;
  return typeof parent['trust'] === 'string' && ('from' in child || 'source' in child) ? rest : parent;
}

function isMapping(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapped(values: Raw, change: (value: unknown) => unknown): Raw {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}
