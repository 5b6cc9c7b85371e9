import type { Cell } from '../domain/cell.ts';
import { isNotPackaged, isPackaged, type NotPackaged, type Unknown } from '../domain/claim.ts';
import type { Distro } from '../domain/distro.ts';
import { type KataBuild, type KataPiece, piecesOf } from '../domain/kata.ts';
import { policy } from '../domain/policy.ts';
import { needsKata, type ScenarioSpec } from '../domain/scenario.ts';
import { type Part, parts, type StackId, stackOf } from '../domain/stack.ts';
import type { OfferData } from './offers.ts';
import type { PlanInput } from './plan.ts';

/** A cell that was asked for. */
export interface Candidate {
  readonly cell: Cell;
  readonly scenario: ScenarioSpec;
}

/** Why a cell is not worth starting; undefined where it is. What the distro lacks comes first: it holds for good. */
export function whyNot(
  { cell, scenario }: Candidate,
  distro: Distro,
  offer: OfferData,
  { katas, noKata }: Pick<PlanInput, 'katas' | 'noKata'>,
): string | undefined {
  const lacking = lackingOf(partsOf(scenario, cell.stack), distro);
  // A stack that can't be put together says so for all its scenarios, whatever else each of them needs.
  const decisive = needsKata(scenario) ? lackingOf(stackOf(cell.stack).parts, distro) : [];
  if (lacking.length > 0) {
    return wordsFor(decisive.length > 0 ? decisive : lacking);
  }

  const build = katas.find(({ label }) => label === cell.kata);
  if (needsKata(scenario)) {
    const because = build
      ? (ownLackOf(build, distro) ?? lackOf(build, scenario, cell.stack))
      : (noKata ?? 'there is no Kata');
    if (because !== undefined) {
      return because;
    }
  }

  const { cold, kata } = offer.unfit ?? {};
  const unfit = (scenario.machine === 'cold' ? cold : undefined) ?? (needsKata(scenario) ? kata : undefined);
  if (unfit !== undefined) {
    return `${offer.provider}: ${unfit}`;
  }
  const beyond = offer.fidelity === 'userspace' ? beyondUserspace(scenario) : undefined;
  if (beyond !== undefined) {
    return `${offer.provider}: ${beyond}`;
  }
  const missing = (scenario.needs.devices ?? []).filter((device) => !offer.devices.includes(device));
  const told = missing.map((device) =>
    [device, ...(offer.lacking?.[device] ? [`(${offer.lacking[device]})`] : [])].join(' '),
  );
  return missing.length > 0 ? `${offer.provider}: machines have no ${told.join(', ')}` : undefined;
}

/** What a scenario asks of a machine that a container can't be: a kernel of its own, a power-on, a CPU to be changed. */
function beyondUserspace({ needs, machine }: ScenarioSpec): string | undefined {
  if (needs.kernel || needs.parts?.includes('kernel')) {
    return "a container is on its host's kernel, and can't show the release's own";
  }
  if (machine === 'cold') {
    return 'a container boots nothing, so it has no cold boot to show';
  }
  return needs.bare ? "a container has its host's CPU as it is" : undefined;
}

interface Lack {
  readonly part: Part;
  readonly claim: NotPackaged | Unknown;
}

/** The parts that a distro doesn't package, each with its claim. */
function lackingOf(wanted: readonly Part[], distro: Distro): readonly Lack[] {
  return wanted.flatMap((part) => {
    const claim = distro.parts[part];
    return isPackaged(claim) ? [] : [{ part, claim }];
  });
}

/** Only what somebody looked up is a statement about the distro. */
function wordsFor(lacking: readonly Lack[]): string {
  const isSure = lacking.some(({ claim }) => isNotPackaged(claim) && claim.trust !== 'unverified');
  const said = lacking.map(
    ({ part, claim }) => `${part} (${isNotPackaged(claim) ? claim.notPackaged : claim.unknown})`,
  );
  return `${isSure ? policy.notPackaged : 'not known to be packaged by this distro'}: ${said.join(', ')}`;
}

/** A stack's own parts count where Kata puts them together; a VMM alone is tried without, say, its virtiofsd. */
function partsOf(scenario: ScenarioSpec, stack: StackId): readonly Part[] {
  const own = needsKata(scenario) ? stackOf(stack).parts : [];
  return parts.filter((part) => own.includes(part) || scenario.needs.parts?.includes(part));
}

/** Why a distro's own Kata is not run, where that was asked for. */
function ownLackOf({ source }: KataBuild, { parts: { kata } }: Distro): string | undefined {
  if (source !== 'distro') {
    return undefined;
  }
  return isPackaged(kata)
    ? `the distro's own Kata (${kata.package}) is not installed yet: say upstream:VERSION, file:PATH or dir:PATH`
    : wordsFor([{ part: 'kata', claim: kata }]);
}

/** What a Kata lacks of what a scenario's stack takes from it. Either of image and initrd is a guest to boot. */
function lackOf({ version, pieces }: KataBuild, { needs }: ScenarioSpec, stack: StackId): string | undefined {
  const wanted: readonly KataPiece[] = [...piecesOf(stack), ...(needs.kata ?? [])];
  const lacking = wanted.filter((piece) => !pieces.includes(piece));
  const guest = ['image', 'initrd', 'dragonball'] as const;
  const bootless = guest.some((piece) => pieces.includes(piece)) ? [] : ['guest image'];
  const missing = [...lacking, ...bootless];
  return missing.length > 0 ? `this Kata (${version}) has no ${missing.join(', no ')}` : undefined;
}
