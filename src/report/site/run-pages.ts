import { type Exhibit, keyOfExhibit } from '../../domain/exhibit.ts';
import { commandOf, durationOf } from '../words.ts';
import { framed } from './frame.ts';
import { type Html, html, none } from './html.ts';
import { pathTo, placeOfRelease, placeOfRun } from './links.ts';
import type { OddCell, RunLane } from './run-cells.ts';
import { fact } from './story.ts';
import type { RunView, View } from './view.ts';
import { basisText } from './words.ts';

/** Every run there was, newest first. */
export function runsPage(view: View): string {
  const rows = view.runs.map(({ id, startedAt, told, note }) => {
    const releases = told
      ? (view.lanes.get(id) ?? []).map(({ lane }) => lane.release)
      : (note?.distros ?? []).map((distro) => distro.id);
    const names = [...new Set(releases)];
    return html`<tr><th scope="row"><a href="${pathTo(1, placeOfRun(id))}">${id}</a></th><td>${startedAt.slice(0, 16).replace('T', ' ')}</td><td>${names.length > 6 ? `${names.length} releases` : names.join(', ')}</td><td>${told?.katas.join(', ') || 'none'}</td><td>${told?.cut ? 'cut short' : none}</td></tr>
`;
  });
  return framed(
    {
      title: 'Runs – katafarm',
      description: 'Every run behind the published words, newest first.',
      depth: 1,
      at: 'runs',
      body: html`<h1>Runs</h1>
<p class="lede">${view.runs.length} published ${view.runs.length === 1 ? 'run' : 'runs'}, newest first. Runs that were modified by hand are never published.</p>
<div class="sheet" role="region" tabindex="0" aria-label="Runs"><table class="list"><caption class="hide">Runs</caption><thead><tr>${['run', 'began (UTC)', 'releases', 'Kata', 'end'].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`,
    },
    view,
  );
}

/** One run: what it was, and all of it that is no plain green. */
export function runPage(run: RunView, view: View): string {
  const { id, startedAt, told, note } = run;
  const host = told?.host ?? note?.host ?? {};
  const command = told?.command ?? note?.command ?? [];
  const lanes = view.lanes.get(id) ?? [];
  return framed(
    {
      title: `Run ${id} – katafarm`,
      description: `What the run of ${startedAt.slice(0, 10)} tested, and what came of it.`,
      depth: 1,
      at: 'runs',
      body: html`<p class="crumb"><a href="${pathTo(1, 'runs/index.html')}">All runs</a></p>
<h1>Run ${id}</h1>
<p class="lede">Began ${startedAt.replace('T', ' ').slice(0, 19)} UTC${told?.cut ? html`, and was <b>cut short</b>: what it lacks stands as missing` : none}.</p>
<dl class="facts">${fact('Command', html`<code>${commandOf(command)}</code>`)}${fact('Kata', told?.katas.join(', ') || 'none')}
${Object.entries(host).map(([name, value]) => fact(name, String(value)))}
${note?.executed === undefined ? none : fact('Cells with a verdict', String(note.executed))}</dl>
${lanes.length > 0 ? lanesSection(id, lanes, view) : html`<p>Its cells are not in the history that is published.</p>`}
<p>Transcripts and consoles are in the run's own folder, <code>${id}/cells/</code>, which is not published here; those of reds that a word rests on are, behind the names of their cells.</p>`,
    },
    view,
  );
}

const statuses = ['passed', 'flaky', 'failed', 'errored', 'blocked', 'skipped', 'missing'] as const;

function lanesSection(run: string, lanes: readonly RunLane[], view: View): Html {
  return html`<h2>Releases</h2>
<div class="sheet" role="region" tabindex="0" aria-label="Releases"><table class="list"><thead><tr>${['release', 'machine', 'cells', 'cells took together'].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>${lanes.map(
    ({
      lane,
      counts,
      seconds,
    }) => html`<tr><th scope="row">${releaseMark(lane.release, view)}</th><td>${lane.variant}, ${basisText(lane.basis)}</td><td>${statuses
      .flatMap((status) => {
        const count = counts.get(status);
        return count ? [`${count} ${status}`] : [];
      })
      .join(', ')}</td><td>${durationOf(seconds * 1000)}</td></tr>
`,
  )}</tbody></table></div>
${
  lanes.some(({ odd }) => odd.length > 0)
    ? oddTable(
        lanes.flatMap(({ odd }) => odd),
        run,
        view,
      )
    : html`<p>${lanes.some(({ counts }) => counts.has('passed')) ? 'Every cell that ran is green.' : 'No cell of it ran.'}</p>`
}`;
}

/** Cells of one stack that came out alike, for the same reason, in one row. */
function oddTable(odd: readonly OddCell[], run: string, view: View): Html {
  const groups = Map.groupBy(odd, ({ cell, status, before, red }) => {
    const kind = red?.class ?? red?.finding?.class ?? red?.message;
    return JSON.stringify([
      cell.slice(0, cell.lastIndexOf('/')),
      status,
      before,
      red?.finding?.component,
      kind,
    ]);
  });
  const heads = ['stack', 'cells', 'came out', 'the run before', 'what it said', 'owner'];
  return html`<h2>What is not green</h2>
<div class="sheet" role="region" tabindex="0" aria-label="What is not green"><table class="list"><thead><tr>${heads.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>${[...groups.values()].map((same) => oddRow(same, run, view))}</tbody></table></div>`;
}

function oddRow(same: readonly OddCell[], run: string, view: View): Html {
  const [first] = same;
  if (!first) {
    return none;
  }
  const { cell, status, before, red } = first;
  const known = red?.known?.length ? html` known: ${red.known.join(', ')}` : none;
  const place = cell.slice(0, cell.lastIndexOf('/'));
  return html`<tr><th scope="row">${releaseMark(cell.split('/')[0] ?? '', view, place)}</th><td>${same.map((one, index) => html`${index === 0 ? none : ', '}${exhibitMark(one.cell.slice(place.length + 1), view.exhibits.get(keyOfExhibit({ run, cell: one.cell })))}`)}</td><td>${statusMark(status)}</td><td>${before ? statusMark(before) : '–'}</td><td class="long">${red?.message}</td><td>${red?.finding?.component}${known}</td></tr>
`;
}

/** A cell's name, with what it left where that is published. */
const exhibitMark = (name: string, exhibit: Exhibit | undefined): Html =>
  exhibit?.file === undefined ? html`${name}` : html`<a href="${pathTo(2, exhibit.file)}">${name}</a>`;

const statusMark = (status: string): Html => html`<span class="status ${status}">${status}</span>`;

function releaseMark(id: string, { releases }: View, text = id): Html {
  const stack = text.split('/')[1]?.split('~')[0];
  const release = releases.find((one) => one.id === id);
  if (!release) {
    return html`${text}`;
  }
  const isTold = release.cells.some(({ support }) => support.stack === stack);
  return html`<a href="${pathTo(1, placeOfRelease(id))}${isTold ? html`#${stack}` : none}">${text}</a>`;
}
