import { readFile, rm, stat, writeFile } from 'node:fs/promises';

/** What tells whether the rest of a download still belongs to what is there of it: a strong tag, or else a date. */
interface Begun {
  readonly etag: string;
}

/**
 * A strong tag says that bytes are the same; a date does as far as seconds go (RFC 9110, 8.8.2.2), and what comes of it is
 * compared with a digest.
 */
export async function remember(path: string, headers: Headers): Promise<void> {
  await rm(`${path}.begun`, { force: true });
  const tag = headers.get('etag') ?? '';
  const etag = tag.startsWith('"') ? tag : headers.get('last-modified');
  if (etag) {
    await writeFile(`${path}.begun`, JSON.stringify({ etag } satisfies Begun));
  }
}

/** What is there of a file at a path, of which a part was had, and whose it is; undefined: nothing to go on with. */
export async function begunOf(path: string): Promise<(Begun & { readonly bytes: number }) | undefined> {
  const bytes = await sizeOf(`${path}.part`);
  const text = await readFile(`${path}.begun`, 'utf8').catch(() => '');
  try {
    const { etag } = JSON.parse(text) as Begun;
    return bytes ? { etag, bytes } : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where there is no such file. */
export async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.size;
}
