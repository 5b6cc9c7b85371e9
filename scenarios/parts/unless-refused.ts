import { AssertionError } from 'node:assert/strict';

/** What a script told, or the message with which it failed: of a line of Kata's that does not decide, that is a fact only. */
export async function unlessRefused(
  telling: Promise<string>,
): Promise<{ readonly said: string } | { readonly refused: string }> {
  try {
    return { said: await telling };
  } catch (error) {
    if (error instanceof AssertionError) {
      return { refused: error.message };
    }
    throw error;
  }
}
