import type { CellId } from '../domain/cell.ts';

/** What an issue of ours is about, as it stands hidden in its body. Whatever has none is somebody else's. */
export interface Marker {
  readonly key: string;
  readonly cells: readonly CellId[];
  /** Of these, cells whose scenario is no more, and of which that was said. */
  readonly gone?: readonly CellId[];
}

const begin = '<!-- katafarm:begin ';
const end = '<!-- katafarm:end -->';

/** The part of a body that is ours. What people write around it stays. */
export function marked(marker: Marker, text: string): string {
  // Two hyphens would end a comment of HTML, and in JSON's strings an escape is the character.
  const hidden = JSON.stringify(marker).replaceAll('--', String.raw`-\u002d`);
  return `${begin}${hidden} -->\n${text.replaceAll(end, '').trim()}\n${end}`;
}

/** What a body says that it is about; undefined: it is none of ours. */
export function markerIn(body: string): Marker | undefined {
  const from = body.indexOf(begin);
  const to = body.indexOf(' -->', from);
  if (from === -1 || to === -1) {
    return undefined;
  }
  try {
    const { key, cells, gone = [] } = JSON.parse(body.slice(from + begin.length, to)) as Partial<Marker>;
    const isOurs = typeof key === 'string' && [cells, gone].every(areIds);
    return isOurs ? { key, cells: cells ?? [], ...(gone.length > 0 && { gone }) } : undefined;
  } catch {
    return undefined;
  }
}

/** A body with our part of it replaced. */
export function withMarked(body: string, part: string): string {
  const [from, to] = [body.indexOf(begin), body.indexOf(end)];
  return from === -1 || to < from ? part : `${body.slice(0, from)}${part}${body.slice(to + end.length)}`;
}

function areIds(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string' && /^[\w.+@~/-]+$/.test(one));
}
