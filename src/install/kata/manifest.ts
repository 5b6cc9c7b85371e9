import { createHash } from 'node:crypto';

/** What is at a path of a tree. Folders are not told: they follow from what is in them. */
export type TreeEntry =
  | { readonly kind: 'file'; readonly mode: 0o755 | 0o644; readonly bytes: number; readonly sha256: string }
  | { readonly kind: 'link'; readonly target: string };

/** What a tree holds, by its path below the tree: `opt/kata/VERSION`. */
export type Manifest = ReadonlyMap<string, TreeEntry>;

/** sha256 over paths, modes and contents in the paths' order: however a tree came to be, the same has the same. */
export function digestOf(manifest: Manifest): string {
  return createHash('sha256').update(manifestText(manifest)).digest('hex');
}

/** As it is kept: one line an entry, sorted. A path has no control character in it, so none can break its line. */
export function manifestText(manifest: Manifest): string {
  const lines = [...manifest].sort(([a], [b]) => (a < b ? -1 : 1));
  return lines.map(([path, entry]) => `${words(entry)}\t${path}\n`).join('');
}

function words(entry: TreeEntry): string {
  return entry.kind === 'file'
    ? `${entry.mode.toString(8)} ${entry.bytes} ${entry.sha256}`
    : `link ${JSON.stringify(entry.target)}`;
}

/** What `manifestText` made; undefined where it is not that. */
export function readManifest(text: string): Manifest | undefined {
  const entries = text.split('\n').slice(0, -1).map(entryOf);
  return entries.every((entry) => entry !== undefined) ? new Map(entries) : undefined;
}

function entryOf(line: string): readonly [string, TreeEntry] | undefined {
  const [, mode, bytes, sha256 = '', path = ''] =
    /^(755|644) (\d+) ([0-9a-f]{64})\t([^\t]+)$/.exec(line) ?? [];
  if (mode !== undefined) {
    return [path, { kind: 'file', mode: mode === '755' ? 0o755 : 0o644, bytes: Number(bytes), sha256 }];
  }
  const [, target, name = ''] = /^link ("[^\t]+")\t([^\t]+)$/.exec(line) ?? [];
  return target === undefined ? undefined : [name, { kind: 'link', target: JSON.parse(target) as string }];
}
