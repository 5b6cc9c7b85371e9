/**
 * Somebody's input is wrong, or something that only they can provide is missing. Shown without a stack.
 * The message says what and where, and what to do next.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** 2: wrong use or a wrong file; 3: the farm can't do its work (a mirror, disk, tool or accelerator is missing). */
  readonly exitCode: 2 | 3;

  constructor(message: string, options: { readonly exitCode?: 2 | 3; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? 2;
  }
}
