import { createCleartextMessage, createMessage, generateKey, readPrivateKey, sign } from 'openpgp';
import { beforeAll, describe, expect, it } from 'vitest';
import { signedText } from '../../../src/download/signature.ts';
import { UserError } from '../../../src/errors.ts';

const text = 'SHA256 (Fedora-Cloud-44.qcow2) = a1\n';
const at = new Date('2026-11-22T12:00:00Z');
const what = 'https://publisher.example/CHECKSUM';
type Key = Awaited<ReturnType<typeof keyFor>>;
let publisher: Key;
let stranger: Key;

async function keyFor(name: string) {
  const made = await generateKey({
    userIDs: [{ name }],
    date: new Date('2026-01-01T00:00:00Z'),
    format: 'armored',
  });
  const key = await readPrivateKey({ armoredKey: made.privateKey });
  return { key, armored: made.publicKey, by: key.getFingerprint().toUpperCase() };
}

beforeAll(async () => {
  publisher = await keyFor('publisher');
  stranger = await keyFor('stranger');
});

const date = new Date('2026-11-01T00:00:00Z');
const clearSigned = async ({ key }: Key) =>
  Buffer.from(
    await sign({
      message: await createCleartextMessage({ text }),
      signingKeys: key,
      date,
      format: 'armored',
    }),
  );
const detached = async ({ key }: Key) =>
  Buffer.from(
    await sign({
      message: await createMessage({ binary: new Uint8Array(Buffer.from(text)) }),
      ...{ signingKeys: key, date, detached: true, format: 'armored' },
    }),
  );
const keys = () => Buffer.from(publisher.armored);

describe('a checksum file with a signature', () => {
  it('is taken where the key that is named has clear-signed it', async () => {
    const signed = { what, text: await clearSigned(publisher), keys: keys(), by: publisher.by, at };

    expect((await signedText(signed)).trim()).toBe(text.trim());
  });

  it('is taken where that key has signed it beside it', async () => {
    const signature = await detached(publisher);

    expect(
      await signedText({ what, text: Buffer.from(text), signature, keys: keys(), by: publisher.by, at }),
    ).toBe(text);
  });

  it.each([
    ['another key has signed it', async () => ({ text: await clearSigned(stranger) }), /has not signed it/],
    [
      'another key has signed it beside it',
      async () => ({ text: Buffer.from(text), signature: await detached(stranger) }),
      /has not signed it/,
    ],
    [
      'it was changed since',
      async () => ({ text: Buffer.from((await clearSigned(publisher)).toString().replace('= a1', '= b2')) }),
      /has not signed it/,
    ],
    ['nobody has signed it', async () => ({ text: Buffer.from(text) }), /has not signed it/],
    [
      'it was changed beside its signature',
      async () => ({ text: Buffer.from(text.replace('a1', 'b2')), signature: await detached(publisher) }),
      /has not signed it/,
    ],
    [
      'it was signed in what is the future still',
      async () => ({ text: await clearSigned(publisher), at: new Date('2026-10-01T00:00:00Z') }),
      /has not signed it/,
    ],
    [
      'the key at its place is another',
      async () => ({ text: await clearSigned(publisher), by: stranger.by }),
      /is not where its release's file says/,
    ],
    [
      'there is no key at its place',
      async () => ({ text: await clearSigned(publisher), keys: Buffer.from('-----BEGIN PGP nothing') }),
      /cannot read the key/,
    ],
  ])('is refused where %s', async (_, change, words) => {
    const asked = signedText({ what, keys: keys(), by: publisher.by, at, ...(await change()) });

    await expect(asked).rejects.toThrow(UserError);
    await expect(asked).rejects.toThrow(words);
  });
});
