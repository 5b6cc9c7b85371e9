import { UserError } from '../../errors.ts';

/** What there is to say of an archive that is refused. */
export function unusable(archive: string, reason: string, cause?: unknown): UserError {
  return new UserError(
    `cannot use ${archive} as a Kata: ${reason}; get it anew, from where Kata's releases come from or by its own build`,
    { cause },
  );
}

/** Whose fault a trouble is: that of this host, or of the archive. */
export async function troubleOf(archive: string, error: unknown, feeding: Promise<void>): Promise<Error> {
  const { syscall } = error as NodeJS.ErrnoException;
  if (error instanceof UserError || syscall !== undefined) {
    return error as Error;
  }
  // A stream that fails takes the reader of its entries down with it: the first trouble is the one that counts.
  const first: unknown = await feeding.then(
    () => error,
    (reason: unknown) => reason,
  );
  if (first instanceof UserError) {
    return first;
  }
  const cause = (first as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE' ? error : first;
  return unusable(archive, `it is damaged or cut short (${(cause as Error).message})`, cause);
}
