import { isNotPackaged, isPackaged, type PartClaim } from '../../domain/claim.ts';
import type { Observation, RunNote } from '../../domain/evidence.ts';
import { type Html, html, none } from './html.ts';
import { isVerdict, latestOf } from './latest.ts';
import { linkTo, pathTo, placeOfRelease } from './links.ts';
import type { ReleaseView, View } from './view.ts';
import { dayMark } from './words.ts';

/** What is claimed of the distribution's own Kata, and what came of it where it was run. */
export function kataMark(release: ReleaseView, { matrix }: Pick<View, 'matrix'>): Html {
  const { id, distro, observations } = release;
  const claim = distro?.parts.kata;
  const own = observations.filter((one) => isOwnKata(one, matrix.evidence.runs));
  const verdict =
    verdictMark(own) ?? (claim && isPackaged(claim) ? html`<p class="why">not run yet</p>` : none);
  return html`${claim ? claimMark(claim, `${pathTo(0, placeOfRelease(id))}#packages`) : html`<p class="meta">unknown</p>`}${verdict}`;
}

function verdictMark(own: readonly Observation[]): Html | undefined {
  const told = latestOf(own).filter(isVerdict);
  const green = told.filter(({ outcome }) => outcome?.status === 'passed').length;
  const newest = told
    .map(({ at }) => at)
    .toSorted()
    .at(-1);
  return told.length === 0
    ? undefined
    : html`<p class="why"><b>${green === told.length ? 'green' : 'red'}</b>: ${green} of ${told.length} cells passed</p><p class="meta">${dayMark(newest)}</p>`;
}

/** Whether a cell was run with the distribution's package: its run asked for `--kata distro` under the cell's own label. */
export function isOwnKata({ cell, kata, run }: Observation, runs: readonly RunNote[]): boolean {
  const command = runs.find(({ id }) => id === run)?.command ?? [];
  const asked = command.flatMap((word, index) => (command[index - 1] === '--kata' ? [word] : []));
  const wanted = cell.kata === undefined ? 'distro' : `${cell.kata}=distro`;
  return kata !== undefined && asked.includes(wanted);
}

/** A claim in short, with how far it is trusted and where that was read. */
export function claimMark(claim: PartClaim, more: string): Html {
  const [address] = /https:\/\/[\w./~%+:=?&#@-]*[\w/]/.exec(claim.source) ?? [];
  const source = address ? linkTo(address, 'source') : html`<a href="${more}">source</a>`;
  return html`<p class="claim">${shortClaim(claim)}</p><p class="meta">${claim.trust} · ${source}</p>`;
}

/** `kata-containers 3.26.0`, `not packaged`, `unknown`. */
export function shortClaim(claim: PartClaim): Html {
  if (isPackaged(claim)) {
    return html`<b>${claim.package}</b>${claim.version === undefined ? none : html` ${claim.version}`}`;
  }
  return isNotPackaged(claim) ? html`not packaged` : html`unknown`;
}
