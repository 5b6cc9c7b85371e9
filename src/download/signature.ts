import type { PublicKey } from 'openpgp';
import { UserError } from '../errors.ts';

/** What is signed, and by whom it should be. */
export interface Signed {
  /** For people: where the text is. */
  readonly what: string;
  readonly text: Buffer;
  /** A detached signature; missing: the text is clear-signed. */
  readonly signature?: Buffer | undefined;
  /** A key or several, armoured or not. */
  readonly keys: Buffer;
  /** The fingerprint of the one that counts, 40 hexadecimal digits. */
  readonly by: string;
  /** Signatures are to be valid then. */
  readonly at: Date;
}

/**
 * The text that a key has signed. Throws a UserError (exit 3) where the key is not among those that were found, or where
 * the signature is not its.
 */
export async function signedText(signed: Signed): Promise<string> {
  const { what, text, signature, at } = signed;
  const { createMessage, readCleartextMessage, readSignature, verify } = await import('openpgp');
  const key = await keyOf(signed);
  const options = { verificationKeys: key, date: at, expectSigned: true };
  try {
    if (!signature) {
      const message = await readCleartextMessage({ cleartextMessage: text.toString() });
      const { data } = await verify({ ...options, message });
      return data;
    }
    const message = await createMessage({ binary: new Uint8Array(text) });
    const armored = signature.toString();
    const read = armored.includes('-----BEGIN PGP')
      ? await readSignature({ armoredSignature: armored })
      : await readSignature({ binarySignature: new Uint8Array(signature) });
    await verify({ ...options, message, signature: read, format: 'binary' });
    return text.toString();
  } catch (cause) {
    throw new UserError(
      `cannot trust ${what}: ${signed.by} has not signed it (${(cause as Error).message}); try again later, and if it stays so, somebody has changed it, or the publisher has a new key`,
      { exitCode: 3, cause },
    );
  }
}

async function keyOf({ what, keys, by }: Signed): Promise<PublicKey> {
  const { readKeys } = await import('openpgp');
  const armored = keys.toString();
  try {
    const found = armored.includes('-----BEGIN PGP')
      ? await readKeys({ armoredKeys: armored })
      : await readKeys({ binaryKeys: new Uint8Array(keys) });
    const key = found.find((one) => one.getFingerprint().toUpperCase() === by.toUpperCase());
    if (key) {
      return key.toPublic();
    }
  } catch (cause) {
    throw new UserError(`cannot read the key that ${what} is signed by: ${(cause as Error).message}`, {
      exitCode: 3,
      cause,
    });
  }
  throw new UserError(
    `cannot trust ${what}: the key ${by}, which should have signed it, is not where its release's file says`,
    { exitCode: 3 },
  );
}
