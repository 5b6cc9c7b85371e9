import type { Observation } from '../../domain/evidence.ts';
import { cellAt, type Place } from '../../domain/policy.ts';
import type { Stack } from '../../domain/stack.ts';
import { witnessOf } from '../../domain/witness.ts';
import { framed } from './frame.ts';
import { type Html, html, none } from './html.ts';
import { ownerLine } from './landing-cell.ts';
import { pathTo, placeOfRelease, placeOfStack } from './links.ts';
import type { ReleaseView, View } from './view.ts';
import { agesFrom, basisText, dayMark, fadeOf, stackTitles, wordClass } from './words.ts';

/** All stacks there are, and what each is. */
export function stacksPage(view: View): string {
  const lines = view.stacks.map((stack) => {
    const words = view.releases.flatMap(({ cells }) =>
      cells.filter(({ support }) => support.stack === stack.id).map((cell) => cell.printed),
    );
    const counts = [...Map.groupBy(words, (word) => word)].map(([word, same]) => `${same.length} ${word}`);
    return html`<tr><th scope="row"><a href="${pathTo(1, placeOfStack(stack.id))}">${stackTitles[stack.id]}</a></th><td><code>${stack.id}</code></td><td>${stack.title}</td><td>${counts.join(', ') || 'no word: a control or a reference'}</td></tr>
`;
  });
  return framed(
    {
      title: 'Stacks – katafarm',
      description: 'Whose VMM, virtiofsd and guest kernel a container is run with.',
      depth: 1,
      at: 'stacks',
      body: html`<h1>Stacks</h1>
<p class="lede">A stack is one way to run a container on a release: whose VMM, whose virtiofsd, whose guest kernel.</p>
<div class="sheet" role="region" tabindex="0" aria-label="Stacks"><table class="list"><caption class="hide">Stacks</caption><thead><tr>${['stack', 'id', 'made of', 'words'].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>${lines}</tbody></table></div>`,
    },
    view,
  );
}

/** One stack: its word in every release, and how each cell came out that it rests on. */
export function stackPage(stack: Stack, view: View): string {
  const rule = view.policy.stacks.find((one) => one.stack === stack.id);
  const releases = view.releases.filter(({ support }) => support);
  const title = stackTitles[stack.id];
  return framed(
    {
      title: `${title} – katafarm`,
      description: `${stack.title}: how it fares in each release.`,
      depth: 1,
      at: 'stacks',
      data: { page: 'stack' },
      body: html`<p class="crumb"><a href="${pathTo(1, 'stacks/index.html')}">All stacks</a></p>
<h1>${title}</h1>
<p class="lede"><code>${stack.id}</code>: ${stack.title}.${rule ? none : ' The policy makes no word of it: it is a control or a reference.'}</p>
${rule ? wordsTable(stack, releases, view) : none}
${cellsTable(stack, releases, rule ? [...rule.required, ...rule.optional] : [], view)}`,
    },
    view,
  );
}

function wordsTable(stack: Stack, releases: readonly ReleaseView[], view: View): Html {
  const rows = releases.flatMap((release) =>
    release.cells
      .filter(({ support }) => support.stack === stack.id)
      .map((cell) => {
        const { support, word, printed, cause } = cell;
        const page = `${pathTo(1, placeOfRelease(release.id))}#${stack.id}`;
        return html`<tr data-fade="${fadeOf(release.support?.distro.rolling ?? false, view)}"${support.word === 'eol' ? html` class="eol"` : none}><th scope="row"><a href="${pathTo(1, placeOfRelease(release.id))}">${release.title}</a></th>
<td><a class="${wordClass(word, support.word === 'eol')}" href="${page}">${printed}</a></td><td>${dayMark(support.newest, support.age, agesFrom(support, cell.deciding))}</td><td>${support.basis ? basisText(support.basis) : '–'}</td><td class="long">${cause ?? support.reason}${ownerLine(cell)}</td></tr>
`;
      }),
  );
  return html`<section><h2>The word of each release</h2>
<div class="sheet" role="region" tabindex="0" aria-label="Words"><table class="list"><thead><tr>${['release', 'word', 'tested', 'basis', 'why'].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

/** Releases against cells. */
function cellsTable(
  stack: Stack,
  releases: readonly ReleaseView[],
  places: readonly Place[],
  view: View,
): Html {
  const { policy } = view;
  const all = releases.flatMap(({ observations }) => observations);
  const own = all
    .filter(({ cell }) => cell.stack === stack.id)
    .map(({ cell }): Place => `${stack.id}/${cell.scenario}`);
  const columns = [...new Set([...places, ...own.toSorted()])];
  const rule = policy.stacks.find((one) => one.stack === stack.id);
  const ofKata = policy.kata.required.map((id): Place => `${stack.id}/${id}`);
  const isGap = (place: Place) => policy.kata.gaps.some((gap) => place === `${gap.stack}/${gap.scenario}`);
  const isRequired = (place: Place) =>
    rule !== undefined && (rule.required.includes(place) || (ofKata.includes(place) && !isGap(place)));
  if (columns.length === 0) {
    return none;
  }
  return html`<section><h2>Its cells</h2><p>${rule ? "Required cells are in bold, Kata's own where they were run; a word is as good as the worst of them." : 'No word rests on them.'}</p>
<div class="sheet" role="region" tabindex="0" aria-label="Cells by release"><table class="list cells-by-release"><thead><tr><th scope="col">cell</th>${releases.map(({ id }) => html`<th scope="col">${id}</th>`)}</tr></thead>
<tbody>${columns.map(
    (
      place,
    ) => html`<tr><th scope="row">${isRequired(place) ? html`<b>${place}</b>` : place}</th>${releases.map((release) => statusCell(release, place, view))}</tr>
`,
  )}</tbody></table></div></section>`;
}

/** As it speaks for a word. */
function statusCell({ id, observations }: ReleaseView, place: Place, { policy, matrix }: View): Html {
  const { observation } = witnessOf(cellAt(id, place), observations, policy, matrix.asOf);
  return html`<td>${observation ? html`<span class="status ${statusOf(observation)}">${statusOf(observation)}</span>` : html`<span class="meta">never run</span>`}</td>`;
}

function statusOf({ outcome }: Observation): string {
  return outcome?.status === 'passed' && outcome.flaky ? 'flaky' : (outcome?.status ?? 'missing');
}
