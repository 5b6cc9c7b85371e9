import { isPackaged, type PartClaim } from '../../domain/claim.ts';
import { endOfLife } from '../../domain/distro.ts';
import { trustText } from '../../domain/distro-trust.ts';
import { type Html, html, none } from './html.ts';
import { claimMark, shortClaim } from './kata-mark.ts';
import { rowData } from './landing-rows.ts';
import { pathTo, placeOfRelease } from './links.ts';
import type { ReleaseView, View } from './view.ts';

/** What is described and was never run: out of the way of what was, and no verdict. */
export function catalogueTable(releases: readonly ReleaseView[], view: View): Html {
  return html`<details class="others" id="untested"><summary><h2>Described, not tested: ${releases.length} releases</h2> <span id="untested-count"></span></summary>
<p>What the catalogue claims of their packages, each with its source on the release's page. Claims are no verdicts.</p>
<div class="sheet"><table class="matrix catalogue" id="catalogue">
<caption>Releases that nobody has run: what is claimed of their packages</caption>
<thead><tr>${['release', 'architecture', 'QEMU', 'cloud-hypervisor', 'virtiofsd', "the distro's Kata", 'claims trusted', 'supported until'].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${releases.map((release) => rowOf(release, view))}</tbody>
</table></div></details>`;
}

function rowOf(release: ReleaseView, view: View): Html {
  const { id, title, distro } = release;
  if (!distro) {
    return none;
  }
  const { parts, arch, lifecycle } = distro;
  const page = pathTo(0, placeOfRelease(id));
  return html`<tr${rowData(release, view)}>
<th scope="row"><a href="${page}">${title}</a></th>
<td data-label="architecture">${arch}</td>
<td data-label="QEMU">${brief(parts.qemu)}</td>
<td data-label="cloud-hypervisor">${brief(parts['cloud-hypervisor'])}</td>
<td data-label="virtiofsd">${brief(parts.virtiofsd)}</td>
<td data-label="the distro's Kata">${claimMark(parts.kata, `${page}#packages`)}</td>
<td data-label="claims trusted">${trustText(distro)}</td>
<td data-label="supported until">${endOfLife(distro) ?? (lifecycle.rolling ? 'rolling' : 'unknown')}</td></tr>
`;
}

/** The version where it is known, else whether there is a package. */
function brief(claim: PartClaim): Html {
  if (!isPackaged(claim)) {
    return html`<span class="no">${shortClaim(claim)}</span>`;
  }
  return html`${claim.version ?? 'packaged'}`;
}
