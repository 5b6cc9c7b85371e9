import { isNotPackaged, isPackaged, type PartClaim } from '../../domain/claim.ts';
import type { Distro } from '../../domain/distro.ts';
import { parts } from '../../domain/stack.ts';
import { partTitles } from '../docs/claims.ts';
import { type Html, html, none } from './html.ts';
import { linked } from './links.ts';

/** All that is claimed of a release's packages, each with its source and how far it is trusted. */
export function claimTable(distro: Distro): Html {
  return html`<section id="packages"><h2>What is known of its packages</h2>
<div class="sheet" role="region" tabindex="0" aria-label="Packages"><table class="list">
<thead><tr>${['part', 'package', 'path', 'trust', 'source'].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${parts.map(
    (part) => html`<tr><th scope="row">${partTitles[part]}</th>${saidOf(distro.parts[part])}</tr>
`,
  )}</tbody></table></div></section>`;
}

function saidOf(claim: PartClaim): Html {
  const rest = html`<td>${claim.trust}</td><td class="long">${linked(claim.source)}</td>`;
  if (isPackaged(claim)) {
    const who = claim.maintainer ? html`<span class="meta"> ${claim.maintainer}</span>` : none;
    return html`<td><b>${claim.package}</b>${claim.version === undefined ? none : html` ${claim.version}`}${who}</td><td><code>${claim.path}</code></td>${rest}`;
  }
  const [word, why] = isNotPackaged(claim)
    ? ['not packaged', claim.notPackaged]
    : ['nobody knows', claim.unknown];
  return html`<td colspan="2"><b>${word}</b>: ${linked(why)}</td>${rest}`;
}
