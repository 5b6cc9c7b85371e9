import type { Distro, DistroId } from '../domain/distro.ts';
import type { Variant } from '../domain/plan.ts';

/** A provider's answers, as data: the planner calls nothing. */
export interface ProviderOffers {
  readonly name: string;
  readonly offers: ReadonlyMap<DistroId, Answer>;
}

type Answer = Terms | { readonly because: string };

interface Terms {
  readonly variant: Variant;
  /** Device nodes that a machine can offer. */
  readonly devices: readonly string[];
  /** Why it can't offer a device that there might be, in words. */
  readonly lacking?: Readonly<Record<string, string>>;
  /** Missing: `vm`. */
  readonly fidelity?: 'vm' | 'userspace';
  /** Kinds of cells that its machines are not for, and why. */
  readonly unfit?: Readonly<Partial<Record<'cold' | 'kata', string>>>;
  readonly memoryMiB: number;
}

/** What was chosen for a release, and whose it is. */
export type OfferData = Terms & { readonly provider: string };

/** Of all providers those that may serve: those that were asked for by name, `qemu` for `qemu:cloud` as well; else those that need not be. */
export function serving<P extends { readonly name: string; readonly onRequest?: true }>(
  providers: readonly P[],
  name?: string,
): readonly P[] {
  return providers.filter((one) =>
    name === undefined ? !one.onRequest : one.name === name || one.name.startsWith(`${name}:`),
  );
}

/** Asks every provider about every release. */
export function offersOf(
  providers: readonly { readonly name: string; offers(distro: Distro): Answer }[],
  distros: readonly Distro[],
): readonly ProviderOffers[] {
  return providers.map((provider) => ({
    name: provider.name,
    offers: new Map(distros.map((distro) => [distro.id, provider.offers(distro)])),
  }));
}

/** The first provider's offer for a release; where all refuse, what each of them said. */
export function offerFor(
  distro: DistroId,
  providers: readonly ProviderOffers[],
): OfferData | { readonly because: string } {
  const refusals: string[] = [];

  for (const { name, offers } of providers) {
    const answer = offers.get(distro);
    if (answer && !('because' in answer)) {
      return { ...answer, provider: name };
    }
    refusals.push(`${name}: ${answer?.because ?? 'was not asked'}`);
  }

  return { because: refusals.join('; ') || 'there is no provider' };
}
