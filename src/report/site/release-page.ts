import { endOfLife } from '../../domain/distro.ts';
import { trustText } from '../../domain/distro-trust.ts';
import { printed } from '../../domain/support.ts';
import { partTitles } from '../docs/claims.ts';
import { claimTable } from './claim-table.ts';
import { framed } from './frame.ts';
import { type Html, html, none } from './html.ts';
import { installSection } from './install-section.ts';
import { linked, linkTo, pathTo } from './links.ts';
import { fact, story } from './story.ts';
import { stripKey } from './strip.ts';
import { upstreamSection } from './upstream-section.ts';
import type { ReleaseView, View } from './view.ts';
import { agesFrom, dayMark, fadeOf, stackTitles, wordMark } from './words.ts';

/** The page of one release, tested or not. */
export function releasePage(release: ReleaseView, view: View): string {
  const { title, distro, support, cells } = release;
  const word = support ? printed(support.headline) : 'not tested';
  return framed(
    {
      title: `${title}: Kata Containers ${word} – katafarm`,
      description: `Can ${title} run Kata Containers with its own VMM, virtiofsd and kernel? ${word}.`,
      depth: 1,
      data: { page: 'release' },
      body: html`<p class="crumb"><a href="${pathTo(1, 'index.html')}">All releases</a></p>
<h1>${title}</h1>
${opening(release, view)}
${cells.length > 0 ? html`<nav class="jump" aria-label="Stacks"><ul>${cells.map((cell) => html`<li><a href="#${cell.support.stack}">${stackTitles[cell.support.stack]}</a> ${wordMark(cell)}</li>`)}</ul></nav>${stripKey}` : none}
${cells.map((cell) => story(cell, release, view, { depth: 1, level: 2 }))}
${upstreamSection(release, view)}
${distro ? installSection(distro, view) : none}
${distro ? claimTable(distro) : none}
${lifeSection(release)}
${notesSection(release)}`,
    },
    view,
  );
}

function opening({ id, distro, support }: ReleaseView, view: View): Html {
  const headline = support?.headline;
  const word =
    support && headline
      ? html`<p class="lede" data-fade="${fadeOf(support.distro.rolling, view)}"><b>${printed(headline)}</b>, ${headline.newest ? html`tested ${dayMark(headline.newest, headline.age, agesFrom(headline))}` : 'never run'}, by ${stackTitles[headline.stack]}: ${headline.reason}</p>`
      : html`<p class="lede"><b>Not tested.</b> No published run has tried it; what follows is what the catalogue claims, and no verdict.</p>`;
  const facts = distro
    ? html`<dl class="facts inline">${fact('Release', html`<code>${id}</code>`)}${fact('Architecture', distro.arch)}${fact('Package manager', distro.packageManager)}${fact('Security module', distro.lsm)}${fact('Claims trusted', trustText(distro))}</dl>`
    : none;
  return html`${word}${facts}`;
}

function lifeSection({ distro }: ReleaseView): Html {
  if (!distro) {
    return none;
  }
  const { rolling, released, eol, lts, source } = distro.lifecycle;
  const { tracker, parts, ships } = distro;
  const lacking = Object.entries(parts).flatMap(([part, claim]) =>
    'notPackaged' in claim ? [partTitles[part as keyof typeof partTitles]] : [],
  );
  return html`<section><h2>Life cycle and tracker</h2><dl class="facts">
${fact('Released', released ?? (rolling ? 'never as a whole: it changes daily' : undefined))}
${fact('Regular support until', eol)}${fact('Free security support until', lts)}
${!rolling && !endOfLife(distro) ? fact('End', 'not known') : none}
${fact('Read in', linked(source))}
${fact('Reports go to', tracker ? linkTo(tracker.url.includes('{package}') ? undefined : tracker.url, `${tracker.title}: ${tracker.url}`) : 'nobody wrote down its tracker')}
${fact('Can be asked for there', lacking.length > 0 ? lacking.join(', ') : undefined)}
${fact('Agrees to ship Kata', ships && html`${ships.agrees} (${linked(ships.source)}; ${ships.trust})`)}
</dl></section>`;
}

function notesSection({ distro, support }: ReleaseView): Html {
  const notes = distro?.notes ?? support?.distro.notes ?? [];
  return notes.length > 0
    ? html`<section><h2>Notes</h2><ul>${notes.map((note) => html`<li>${linked(note)}</li>`)}</ul></section>`
    : none;
}
