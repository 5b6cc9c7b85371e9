import { readFile } from 'node:fs/promises';
import type { Case, Sibling } from '../diagnose/case.ts';
import { type Cell, type CellId, cellFrom } from '../domain/cell.ts';
import { isPackaged } from '../domain/claim.ts';
import type { Distro } from '../domain/distro.ts';
import type { Errored, Failed } from '../domain/outcome.ts';
import type { Facts } from '../domain/result.ts';
import { needsKata } from '../domain/scenario.ts';
import { isBaseline } from './collect.ts';
import { countingLines, type Told, toldBy } from './counting-lines.ts';
import type { Swap } from './donors.ts';
import type { Farm } from './farm.ts';
import type { LastGreen } from './last-green.ts';
import type { Ledger } from './ledger.ts';
import type { Installed } from './overlay.ts';

/** What the whole batch knows. */
export interface Surroundings {
  readonly ledger: Ledger;
  readonly distro: Distro;
  /** Speed class, as it was measured and proved. */
  readonly speed: string;
  readonly image: Installed | undefined;
}

/** Green cells that show what they show on purpose: a refusal in their logs is what they are for. */
const onPurpose = /\.(negative-|kill-)/;

/**
 * Puts together all that is known of one failure. What the cell said when it was green last is no cause, whatever Kata and
 * packages it was green with: it was said, and the cell was green. Where something is harmless with the one and not with the
 * other, a line too few is left to be told by, which may leave the failure `unknown` and names nobody. That holds of
 * any line: a machine that panicked was never green.
 */
export async function caseOf(
  farm: Pick<Farm, 'folder' | 'katas'>,
  { ledger, distro, speed, image }: Surroundings,
  id: CellId,
  outcome: Failed | Errored,
  swaps: readonly Swap[],
  lastGreen?: LastGreen,
): Promise<Case> {
  const cell = cellFrom(id);
  const siblings = ledger.cells.flatMap((one): Sibling[] => {
    const known = ledger.of(one).outcome;
    return known && one !== id ? [{ cell: cellFrom(one), outcome: known }] : [];
  });
  const usual = siblings.filter(
    (one) => isBaseline(one.cell, one.outcome) && !onPurpose.test(one.cell.scenario),
  );
  const others = await Promise.all(usual.map((one) => toldBy(farm.folder, ledger.of(one.cell.id).files)));
  const { facts, files } = ledger.of(id);
  const kata = farm.katas.get(cell.kata ?? '')?.build.version;
  const depth = await depthOf(speed);
  const told = await toldBy(farm.folder, files);
  return {
    ...{ cell, outcome, facts, speed, siblings, packages: packagesOf(distro, image) },
    lines: countingLines(told, [...others.flat(), ...(lastGreen?.told ?? [])]),
    donors: swaps.map(({ part, by }) => ({ part, by })),
    ...(kata !== undefined && { kata }),
    ...(depth !== undefined && { depth }),
    ...(isSilent(cell, told) && { silent: true as const }),
  };
}

/** Kata's shim speaks to the journal alone: without it, what happened to a sandbox is not known at first hand. */
function isSilent({ scenario }: Cell, told: readonly Told[]): boolean {
  return needsKata({ id: scenario }) && !told.some(({ path }) => path.endsWith('/journal.txt'));
}

/** On hardware KVM, a host that is no machine itself is one hypervisor, and the machine that the guest is in another. */
export async function depthOf(speed: string, cpuinfo = '/proc/cpuinfo'): Promise<number | undefined> {
  if (!speed.startsWith('kvm')) {
    return undefined;
  }
  const text = await readFile(cpuinfo, 'utf8').catch(() => '');
  const isVirtual = /^flags\s*:.*\bhypervisor\b/m.test(text);
  return isVirtual ? 3 : 2;
}

/** `virtiofsd.package`, `virtiofsd.path`, where it is known `virtiofsd.version`, `virtiofsd.overlaid` if it is not the release's; beside them `lsm`. */
function packagesOf({ parts, lsm }: Distro, image: Surroundings['image']): Facts {
  const claims = Object.entries(parts).flatMap(([part, claim]) => {
    if (!isPackaged(claim)) {
      return [];
    }
    const version = image?.packages[claim.package];
    return [
      [`${part}.package`, claim.package],
      [`${part}.path`, claim.path],
      ...(version === undefined ? [] : [[`${part}.version`, version]]),
      ...(image?.overlaid?.includes(claim.package) ? [[`${part}.overlaid`, 'yes']] : []),
    ] as const;
  });
  return { ...Object.fromEntries(claims), lsm };
}
