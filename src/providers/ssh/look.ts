import { createHash } from 'node:crypto';
import { isPackaged } from '../../domain/claim.ts';
import type { Distro } from '../../domain/distro.ts';
import { parts as everyPart, type Part } from '../../domain/stack.ts';
import { runIn } from '../../install/ask-manager.ts';
import { imageParts, installMissing } from '../../install/install-missing.ts';
import { isSupported, managers } from '../../install/managers/table.ts';
import { guestOf } from '../../machine/guest.ts';
import type { Image, Machine, Tell } from '../../machine/machine.ts';
import type { Said } from './hold.ts';

/** What a machine has, as an image is described. */
export interface Look {
  readonly image: Image;
  /** Parts that the release packages and that are not installed there, with their packages. */
  readonly lacks: ReadonlyMap<Part, string>;
}

const deviations = [
  'a machine that existed before, reached by SSH; nobody knows what was done to it',
  'all cells ran on it one after the other, the least harmful first; it was cleaned after each',
];

/** Looks at what is installed on a machine; with `install`, what is missing is installed first. */
export async function lookAt(
  machine: Machine,
  distro: Distro,
  said: Said,
  { install, now, tell, signal }: { install: boolean; now: () => Date; tell: Tell; signal: AbortSignal },
): Promise<Look> {
  const guest = guestOf(
    machine,
    () => {},
    () => signal,
  );
  const installed = install ? await installMissing(guest, distro, { tell, signal }) : undefined;
  const packages = installed?.packages ?? (await packagesOn(guest, distro));
  const lacks = await lackingOn(guest, distro);
  const missing = [...lacks].filter(([part]) => imageParts.includes(part)).map(([, name]) => name);
  if (missing.length > 0) {
    tell(`it lacks ${missing.join(', ')}${install ? '' : '; --yes installs what is missing'}`);
  }
  const content = { id: said['id'], distro: distro.id, packages: Object.entries(packages).toSorted() };
  const image: Image = {
    digest: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
    builtAt: now().toISOString(),
    // It has no files of ours.
    folder: '',
    distro,
    deviations: [...deviations, ...(installed?.deviations ?? [])],
    packages,
  };
  return { image, lacks };
}

type Shelled = ReturnType<typeof guestOf>;

async function packagesOn(guest: Shelled, distro: Distro): Promise<Readonly<Record<string, string>>> {
  const manager = managers[distro.packageManager];
  if (!isSupported(manager)) {
    return {};
  }
  return Object.fromEntries(manager.parseInstalled((await runIn(guest, manager.installed)).out));
}

/** By the paths of their binaries, as somebody may have put them there by other means. */
async function lackingOn({ $ }: Shelled, { parts }: Distro): Promise<ReadonlyMap<Part, string>> {
  const claimed = everyPart.flatMap((part) => {
    const claim = parts[part];
    return isPackaged(claim) ? [{ part, claim }] : [];
  });
  const paths = claimed.map(({ claim }) => claim.path);
  const there = await $`for path in ${paths}; do
    for one in "$path"*; do if [ -e "$one" ]; then echo "$path"; break; fi; done
  done`.text();
  const found = new Set(there.split('\n'));
  return new Map(
    claimed.filter(({ claim }) => !found.has(claim.path)).map(({ part, claim }) => [part, claim.package]),
  );
}
