import { basename } from 'node:path';
import type { Algorithm } from './file-digest.ts';

/** What a file has to be, as its publisher says. */
export interface Digest {
  readonly algorithm: Algorithm;
  /** In small letters. */
  readonly hex: string;
}

/** By how many digits a digest has; what is shorter (MD5, SHA-1) can be made to fit, and is none. */
const algorithms: Readonly<Record<number, Algorithm>> = { 64: 'sha256', 128: 'sha512' };

/**
 * What a checksum file says of a name. Four formats are read: `HASH  NAME` of sha256sum (with its asterisk, or a path), the
 * tagged `SHA256 (NAME) = HASH` of BSD and `--tag`, a digest that stands alone, and a clear-signed message around any of
 * them. The longest counts. Undefined where it says nothing of the name, or two different things.
 */
export function digestIn(text: string, name: string): Digest | undefined {
  const said = unsigned(text)
    .split('\n')
    .flatMap((line) => entryOf(line.trim()) ?? []);
  const named = said.filter((one) => one.name !== undefined && basename(one.name) === name);
  const alone = said.filter((one) => one.name === undefined);
  const [best, ...others] = (named.length > 0 ? named : alone).toSorted(
    (a, b) => b.hex.length - a.hex.length,
  );
  const differ = others.some(({ hex, algorithm }) => algorithm === best?.algorithm && hex !== best.hex);
  return best && !differ ? { algorithm: best.algorithm, hex: best.hex } : undefined;
}

/** The names that a checksum file speaks of, for who looks for another. */
export function namesIn(text: string): readonly string[] {
  return unsigned(text)
    .split('\n')
    .flatMap((line) => entryOf(line.trim())?.name ?? []);
}

function entryOf(line: string): (Digest & { readonly name?: string }) | undefined {
  const [, plain, plainName] = /^\\?([0-9a-f]{32,128})(?:\s+[*?]?(\S.*))?$/i.exec(line) ?? [];
  const [, taggedName, tagged] = /^SHA-?(?:256|512) \((.+)\) ?= ?([0-9a-f]{64,128})$/i.exec(line) ?? [];
  const hex = (plain ?? tagged)?.toLowerCase() ?? '';
  const algorithm = algorithms[hex.length];
  const name = plainName ?? taggedName;
  return algorithm && { algorithm, hex, ...(name !== undefined && { name }) };
}

/** The text of a clear-signed message (RFC 9580, 7), unchecked; any other text as it is. */
function unsigned(text: string): string {
  const lines = text.replaceAll('\r', '').split('\n');
  const begin = lines.indexOf('-----BEGIN PGP SIGNED MESSAGE-----');
  if (begin === -1) {
    return lines.join('\n');
  }
  const body = lines.slice(lines.indexOf('', begin) + 1);
  const end = body.indexOf('-----BEGIN PGP SIGNATURE-----');
  return (end === -1 ? body : body.slice(0, end)).map((line) => line.replace(/^- /, '')).join('\n');
}
