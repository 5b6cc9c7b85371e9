import { isPackaged } from '../domain/claim.ts';
import type { Distro } from '../domain/distro.ts';
import { engineParts, parts as everyPart, type Part } from '../domain/stack.ts';
import type { Guest } from '../machine/guest.ts';
import type { Tell } from '../machine/machine.ts';
import { posixQuote } from '../machine/quote.ts';
import { type Asking, answerIn, runIn } from './ask-manager.ts';
import { type Absent, installPackages } from './install-packages.ts';
import type { InstalledParts, PartState } from './installed-parts.ts';
import { instruments, packagesOf } from './instruments.ts';
import { refreshAnswer } from './managers/answer.ts';
import type { PackageManager, Versions } from './managers/package-manager.ts';
import { isSupported, managers } from './managers/table.ts';

/** How `installMissing` goes about it. */
export interface Installing {
  /** Which parts; unless given those of every image: all but the engines beside containerd, and Kata. */
  readonly parts?: readonly Part[];
  /** Told what is going on, a line each. */
  readonly tell?: Tell;
  readonly signal: AbortSignal;
  /** Waits; for tests. */
  readonly pause?: Asking['pause'];
}

export type InstallingDistro = Pick<Distro, 'id' | 'packageManager' | 'parts' | 'images'>;

/** What every image has. */
export const imageParts: readonly Part[] = everyPart.filter(
  (part) => part !== 'kata' && !engineParts.some((engine) => engine === part),
);

/**
 * Asks a machine's own package manager which packages of the parts and of the farm's instruments are missing, and
 * installs only those. The machine needs a network where any is. What the distro can't deliver is in what it resolves to;
 * it throws a MirrorTrouble where a mirror fails three times, else an Error: both are the farm's trouble.
 */
export async function installMissing(
  guest: Pick<Guest, '$'>,
  distro: InstallingDistro,
  { parts = imageParts, tell = () => {}, signal, pause }: Installing,
): Promise<InstalledParts> {
  const manager = managers[distro.packageManager];
  if (!isSupported(manager)) {
    throw new Error(`cannot install anything on ${distro.id}: ${manager.unsupported}`);
  }
  const asking: Asking = { tell, signal, ...(pause && { pause }) };
  const claimed = parts.flatMap((part) => {
    const claim = distro.parts[part];
    return isPackaged(claim) ? [{ part, claim }] : [];
  });
  const tools = instruments.flatMap((name) => packagesOf(name, manager.id));

  const before = await installedIn(guest, manager);
  const wanted = [...new Set([...claimed.map(({ claim }) => claim.package), ...tools])];
  const missing = wanted.filter((name) => !before.has(name));
  const without = distro.images.qemu?.exclude ?? [];
  const absent = await install(guest, manager, missing, without, asking);
  const after = missing.length > 0 ? await installedIn(guest, manager) : before;

  const states = await Promise.all(
    claimed.map(async ({ part, claim }): Promise<readonly [Part, PartState]> => {
      const gone = absent.get(claim.package);
      const state = gone
        ? { package: claim.package, ...gone }
        : { state: 'installed' as const, ...(await ownerIn(guest, manager, after, claim)) };
      return [part, state];
    }),
  );
  const added = [...after].filter(([name, version]) => before.get(name) !== version);
  const lacking = tools.flatMap((name) => {
    const gone = absent.get(name);
    return gone ? [{ name, said: gone.said }] : [];
  });
  return {
    parts: Object.fromEntries(states),
    packages: Object.fromEntries(after),
    added: Object.fromEntries(added),
    lacking,
    deviations: [
      ...(missing.length > 0 ? [`installed by ${manager.id}: ${missing.join(' ')}`] : []),
      ...(missing.length > 0 && without.length > 0
        ? [`left out of the Recommends: ${without.join(' ')}`]
        : []),
      ...(missing.length > 0 && manager.aside ? [manager.aside] : []),
      ...lacking.map(({ name, said }) => `without ${name}, which can't be had: ${said}`),
    ],
  };
}

async function install(
  guest: Pick<Guest, '$'>,
  manager: PackageManager,
  missing: readonly string[],
  without: readonly string[],
  asking: Asking,
): Promise<ReadonlyMap<string, Absent>> {
  if (missing.length === 0) {
    return new Map();
  }
  asking.tell(`missing: ${missing.join(', ')}; reading the index of ${manager.id}`);
  const read = await answerIn(guest, manager.refresh, (ended) => refreshAnswer(manager, ended), asking);
  if (read.kind !== 'done') {
    throw new Error(`cannot read the index of ${manager.id}: ${read.said}`);
  }
  return await installPackages(guest, manager, missing, without, asking);
}

/** Everything that is installed, by what the package manager says. */
async function installedIn(guest: Pick<Guest, '$'>, manager: PackageManager): Promise<Versions> {
  const { code, out, err } = await runIn(guest, manager.installed);
  const versions = manager.parseInstalled(out);
  if (code !== 0 || versions.size === 0) {
    throw new Error(`cannot read what is installed by ${manager.id} (status ${code}): ${err.trim()}`);
  }
  return versions;
}

/** A name may be another package's word for itself: then the binary's owner is meant. */
async function ownerIn(
  guest: Pick<Guest, '$'>,
  manager: PackageManager,
  after: Versions,
  claim: { readonly package: string; readonly path: string },
): Promise<{ readonly package: string; readonly version: string }> {
  const version = after.get(claim.package);
  if (version !== undefined) {
    return { package: claim.package, version };
  }
  const { out } = await runIn(guest, manager.owner(posixQuote(claim.path)));
  const owner = manager.parseOwner(out) ?? claim.package;
  return { package: owner, version: after.get(owner) ?? 'unknown' };
}
