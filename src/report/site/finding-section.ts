import { keyOfExhibit } from '../../domain/exhibit.ts';
import { componentWords, confidenceWords } from '../fault-words.ts';
import type { CellView } from './cell-view.ts';
import { type Html, html, none } from './html.ts';
import { linkTo, pathTo } from './links.ts';
import type { Stand } from './story.ts';
import type { View } from './view.ts';
import { visible } from './visible.ts';

/** So much of a line of evidence is worth a reader's while. */
const lineLimit = 400;
/** A finding with more lines than that is not read to its end by anybody. */
const mostLines = 6;

/** What was seen, whose part that lies in, who mends it, and where that is told. */
export function findingSection(cell: CellView, view: View, stand: Stand): Html {
  const { level } = stand;
  const { deciding, component, where, tracker, cause } = cell;
  const outcome = deciding?.outcome;
  const heading = (text: string) => (level === 2 ? html`<h3>${text}</h3>` : html`<h3>${text}</h3>`);
  const said = outcome && 'message' in outcome ? outcome.message : undefined;
  const step = outcome?.status === 'failed' ? outcome.step : undefined;
  return html`<section class="finding">${heading(component === undefined ? 'Why' : 'What failed, and whose part it is')}
${said === undefined ? html`<p>${cause}</p>` : html`<figure><figcaption><code>${deciding?.cell.id}</code>${step ? html`, at <q>${step}</q>` : none}</figcaption><pre>${visible(said, lineLimit)}</pre></figure>`}
${component === undefined ? none : faultLines(cell)}
${exhibitLines(cell, view, stand)}
${where && component !== undefined ? html`<p>Where it belongs: ${linkTo(tracker ?? where.url, where.title)}${where.package ? html`, package <code>${where.package}</code>` : none}${where.maintainers ? html` (${where.maintainers})` : none}. ${where.notes.join('; ')}</p>` : none}
</section>`;
}

/** The reasoning, and the lines that speak for it, each with its place. */
function exhibitLines({ deciding }: CellView, view: View, { depth }: Stand): Html {
  const exhibit = deciding && view.exhibits.get(keyOfExhibit({ run: deciding.run, cell: deciding.cell.id }));
  if (!exhibit) {
    return none;
  }
  const { because, evidence, file } = exhibit;
  const lines = evidence.slice(0, mostLines);
  const rest = evidence.length - lines.length;
  return html`${because.length === 0 ? none : html`<p>Because:</p><ol class="because">${because.map((one) => html`<li>${visible(one, lineLimit)}</li>`)}</ol>`}
${lines.map((line) => html`<figure class="evidence"><figcaption><code>${visible(nameOf(line.file, exhibit.cell))}</code>, line ${line.line}</figcaption><pre>${visible(line.text, lineLimit)}</pre></figure>`)}
${rest > 0 ? html`<p class="meta">and ${rest} more ${rest === 1 ? 'line' : 'lines'}</p>` : none}
${file === undefined ? none : html`<p><a href="${pathTo(depth + 1, file)}">Its transcript and console</a>, as text.</p>`}`;
}

/** Less the folder of the cell itself, which the reader knows. */
function nameOf(file: string, cell: string): string {
  const own = `cells/${cell}/`;
  return file.startsWith(own) ? file.slice(own.length).replace(/^\d+\//, '') : file;
}

function faultLines({ component = 'unknown', deciding }: CellView): Html {
  const { confidence, provenance, class: kind } = deciding?.finding ?? {};
  return html`<p>Owner: <b>${component}</b>, ${componentWords[component]}${provenance ? html` (<code>${provenance}</code>)` : none}.${confidence ? html` Confidence <b>${confidence}</b>: ${confidenceWords[confidence]}.` : none}${kind ? html` Kind of failure: <code>${kind}</code>.` : none}</p>`;
}
