import { UserError } from '../errors.ts';
import type { PutBack } from '../install/put-back.ts';

/** Collects `NAME[=VERSION]`. */
export function packageWords(text: string, before: readonly PutBack[] = []): readonly PutBack[] {
  const [, name, version] = /^([a-z0-9][a-z0-9.+-]+)(?:=([A-Za-z0-9.+~:-]+))?$/.exec(text) ?? [];
  if (name === undefined) {
    throw new UserError(
      `cannot read --put-back "${text}": say NAME or NAME=VERSION, as in virtiofsd=1.13.2-1`,
    );
  }
  return [...before, { name, ...(version !== undefined && { version }) }];
}
