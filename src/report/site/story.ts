import type { CellStanding } from '../../domain/cell-standing.ts';
import { dateOf } from '../../domain/days.ts';
import type { CellView } from './cell-view.ts';
import { findingSection } from './finding-section.ts';
import { type Html, html, none } from './html.ts';
import { pathTo, placeOfStack } from './links.ts';
import { drawn } from './past.ts';
import { repeatSection } from './repeat-section.ts';
import { runMark } from './run-mark.ts';
import { cellsTable } from './story-cells.ts';
import { strip, worstOf } from './strip.ts';
import type { ReleaseView, View } from './view.ts';
import { basisText, capableSentence, dayMark, fadeOf, stackTitles, wordMark } from './words.ts';

/** Where a story stands: on a page so many folders down, with headings from this level on. */
export interface Stand {
  readonly depth: number;
  readonly level: 2 | 3;
}

/** All that is known of a release and a stack: on the release's page, and in the dialog of the landing page. */
export function story(cell: CellView, release: ReleaseView, view: View, stand: Stand): Html {
  const { support, word, cause, deciding, flags } = cell;
  const { stack } = support;
  const standing = deciding && view.past(deciding.cell.id);
  const title = `${release.title}: ${stackTitles[stack]}`;
  return html`<article class="story"${stand.level === 2 ? html` id="${stack}"` : none} data-fade="${fadeOf(release.support?.distro.rolling ?? false, view)}">
${stand.level === 2 ? html`<h2>${stackTitles[stack]}</h2>` : html`<h2 id="story-title">${title}</h2>`}
<p class="verdict">${wordMark(cell)} ${flags.filter((flag) => flag === 'new-failure' || flag === 'flaky' || flag === 'only-here').map((flag) => html`<span class="flag ${flag}">${flag.replace('-', ' ')}</span> `)}${reasonOf(cell)}</p>
${word === 'capable' ? html`<p class="capable-is">${capableSentence}</p>` : none}
<dl class="facts">
${fact('By', html`<a href="${pathTo(stand.depth, 'policy.html')}">policy ${view.matrix.policy}</a>, stack <a href="${pathTo(stand.depth, placeOfStack(stack))}">${stack}</a>`)}
${fact('Basis', support.basis && basisMark(cell))}
${fact('Tested', testedMark(cell))}
${fact('Outdated', support.outdated && `tested was ${support.outdated.join('; ')}`)}
${standing ? sinceFacts(standing, view, stand.depth) : greenSince(cell, view)}
</dl>
${historyLine(cell, view)}
${cause && word !== 'not-packaged' ? findingSection(cell, view, stand) : none}
${repeatSection(cell, view, stand)}
${cellsTable(cell, view, stand)}
${versionsTable(support.versions)}
</article>`;
}

export function fact(name: string, value: Html | string | undefined): Html {
  return value === undefined ? none : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

const reasonOf = ({ support }: CellView): Html => html`<span class="reason">${support.reason}</span>`;

function basisMark({ support: { basis } }: CellView): Html {
  return basis ? html`${basisText(basis)} <code>${basis}</code>` : none;
}

function testedMark({ support: { newest, oldest, age } }: CellView): Html | undefined {
  if (newest === undefined) {
    return undefined;
  }
  const span = oldest !== undefined && oldest !== newest ? html`, its oldest cell ${dayMark(oldest)}` : none;
  return html`${dayMark(newest, age)}${span}${age && age !== 'fresh' ? html` (${age})` : none}`;
}

/** Since when it is so, when it last worked, and what is not as it was then. */
function sinceFacts(
  { now, since, lastGreen, firstRed, changed }: CellStanding,
  view: View,
  depth: number,
): Html {
  const night = (one: { readonly at: string; readonly run: string }) =>
    html`${dayMark(one.at)}, run ${runMark(one.run, view, depth)}`;
  const isRed = now.status === 'failed';
  return html`${fact('Since', html`${dayMark(since)} (${now.status})`)}
${isRed || firstRed ? fact('Last worked', lastGreen ? night(lastGreen) : 'never seen green') : none}
${isRed && firstRed && lastGreen ? fact('First red', night(firstRed)) : none}
${isRed && lastGreen ? fact('Changed since', changed.length === 0 ? `nothing that was written down, between ${dateOf(lastGreen.at)} and the first red` : html`<ul>${changed.slice(0, 12).map(({ name, was, is }) => html`<li><b>${name}</b> ${was || 'not there'} → ${is || 'gone'}</li>`)}${changed.length > 12 ? html`<li>and ${changed.length - 12} more</li>` : none}</ul>`) : none}`;
}

/** Of a word that no single cell decided: since when the last of them is as it is. */
function greenSince({ support, word }: CellView, { past }: View): Html {
  if (word === 'unknown' || word === 'not-packaged') {
    return none;
  }
  const since = support.behind
    .flatMap(({ cell, observed }) => (observed && past(cell)?.since) ?? [])
    .toSorted()
    .at(-1);
  return fact('Since', since === undefined ? undefined : dayMark(since));
}

function historyLine({ support }: CellView, { past }: View): Html {
  const required = support.behind.filter(({ optional, observed }) => observed && !optional);
  const nights = worstOf(
    required.flatMap(({ cell }) => {
      const standing = past(cell);
      return standing ? [drawn(standing)] : [];
    }),
  );
  return nights.length > 0
    ? html`<p class="history">${strip(nights)} <span class="meta">of each night the worst of the required cells</span></p>`
    : none;
}

function versionsTable(versions: CellView['support']['versions']): Html {
  const rows = Object.entries(versions).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (rows.length === 0) {
    return none;
  }
  return html`<details class="versions"><summary>Versions behind it: ${rows.length}</summary><dl class="facts">${rows.map(([name, value]) => fact(name, html`<code>${String(value)}</code>`))}</dl></details>`;
}
