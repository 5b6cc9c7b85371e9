const plain = /^[\w@%+=:,./-]+$/;

/**
 * Quotes one argument for any POSIX shell. zx's own `quote` writes `$'…'`, which dash does not read.
 * Throws a TypeError on what has no one text: undefined, null, an object.
 */
export function posixQuote(argument: unknown): string {
  if (typeof argument !== 'string' && typeof argument !== 'number' && typeof argument !== 'boolean') {
    throw new TypeError(`cannot put ${argument === null ? 'null' : typeof argument} into a command`);
  }
  const text = String(argument);
  return plain.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
