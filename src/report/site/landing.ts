import { daysBetween } from '../../domain/days.ts';
import { isGood, printed, type Support, testedWord, words } from '../../domain/support.ts';
import { catalogueTable } from './catalogue-table.ts';
import { framed } from './frame.ts';
import { type Html, html, none } from './html.ts';
import { testedTable } from './landing-rows.ts';
import { legend } from './legend.ts';
import { limitsSection } from './limits.ts';
import { opening } from './opening.ts';
import { toolbar } from './toolbar.ts';
import type { View } from './view.ts';
import { dayMark, wordClass } from './words.ts';

/** The page that people are sent to: is my distribution supported, and if not, why not? */
export function landingPage(view: View): string {
  const others = view.releases.filter(({ support }) => !support);
  return framed(
    {
      title: 'Which distributions can run Kata Containers? – katafarm',
      description:
        'Which Linux distributions can run Kata Containers with their own VMM, virtiofsd and kernel, tested in machines, with the evidence behind every word.',
      depth: 0,
      at: 'matrix',
      data: { page: 'matrix' },
      body: html`<h1>Which Linux distributions can run Kata Containers with their <em>own</em> VMM, virtiofsd and kernel?</h1>
<div class="hero"><div>${opening(view)}
${tally(view)}
</div><div>${legend(view)}
<p class="notice">${'Testing, not a security commitment. '}<span id="as-of">Words are as of ${dayMark(view.matrix.asOf)}; a verdict fades with its age.</span></p></div></div>
${toolbar(view)}
<div class="sheet">${testedTable(view)}</div>
<p class="nothing js-only" id="nothing" hidden>No tested release matches. <button type="button" data-clear>Show all</button></p>
${others.length > 0 ? catalogueTable(others, view) : none}
${limitsSection(view)}
<dialog id="story" aria-labelledby="story-title"></dialog>`,
    },
    view,
  );
}

/** From best to worst, and what is past its end after the rest. */
function rankOf(headline: Support | undefined): number {
  return headline ? words.indexOf(testedWord(headline)) + (headline.word === 'eol' ? words.length : 0) : 0;
}

/** How many releases are how, each a link to just those. */
function tally({ matrix, releases }: View): Html {
  const byWord = Map.groupBy(matrix.releases, ({ headline }) => printed(headline));
  const links = [...byWord]
    .map(([text, same]) => ({ text, same, headline: same[0]?.headline }))
    .toSorted((a, b) => rankOf(a.headline) - rankOf(b.headline))
    .map(({ text, same, headline }) =>
      headline
        ? html`<li><b>${same.length}</b> <span class="${wordClass(testedWord(headline), headline.word === 'eol')}">${text}</span></li>`
        : none,
    );
  const untested = releases.filter(({ support }) => !support).length;
  const good = matrix.releases.filter(({ headline }) => isGood(headline.word)).length;
  const oldest = matrix.releases.flatMap(({ headline }) => headline.oldest ?? []).toSorted()[0];
  const age = oldest === undefined ? 0 : daysBetween(oldest, matrix.asOf);
  return html`<ul class="tally" aria-label="Releases by headline: ${good} of ${matrix.releases.length} are good, the oldest word is ${age} days old">${links}${untested > 0 ? html`<li><b>${untested}</b> <a href="#untested">described, not tested</a></li>` : none}</ul>`;
}
