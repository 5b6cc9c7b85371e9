/** The way to a machine is lost, or a copy on it: the farm's trouble, whatever the machine does. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}

/** A machine did not come up. */
export class BootFailed extends Error {
  override readonly name = 'BootFailed';
  /** What its console shows of the machine's own trouble; empty: it was only late, or QEMU's own end. */
  readonly seen: readonly string[];

  constructor(message: string, seen: readonly string[], cause: unknown) {
    super(message, { cause });
    this.seen = seen;
  }
}

/** A command printed more than is kept of one: it was ended. */
export class OutputFlood extends Error {
  override readonly name = 'OutputFlood';

  constructor(bytes: number) {
    super(`cannot keep what a command prints: it came to more than ${bytes / 2 ** 20} MiB, and was ended`);
  }
}

/** An image in the cache was not what had been built; it is thrown away by now, and can be had anew. */
export class ImageDamaged extends Error {
  override readonly name = 'ImageDamaged';
}
