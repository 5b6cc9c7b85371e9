import { Option } from 'commander';
import { UserError } from '../errors.ts';

/** `--image-mirror FROM=TO`, once or more: read it as a record. */
export function imageMirrorOption(): Option {
  return new Option(
    '--image-mirror <from=to>',
    "where publishers' images are had: https://PUBLISHER/=https://MIRROR/ ($KATAFARM_IMAGE_MIRROR)",
  ).argParser(imageMirrors);
}

/** The same from a variable of the environment: words between blanks. Undefined: there is none. */
export function imageMirrorsIn(text = ''): Readonly<Record<string, string>> | undefined {
  const words = text.split(/\s+/).filter(Boolean);
  return words.length > 0 ? words.reduce((before, word) => imageMirrors(word, before), {}) : undefined;
}

function imageMirrors(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, from, to] = /^(https?:\/\/[^\s=]+)=(https?:\/\/\S+)$/.exec(text) ?? [];
  if (from === undefined || to === undefined) {
    throw new UserError(
      `cannot read --image-mirror "${text}": say FROM=TO, two beginnings of addresses, as in https://cloud.debian.org/images/=https://mirror.example/debian/`,
    );
  }
  return { ...before, [from]: to };
}
