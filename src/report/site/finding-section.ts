import { componentWords, confidenceWords } from '../fault-words.ts';
import type { CellView } from './cell-view.ts';
import { type Html, html, none } from './html.ts';
import { linkTo } from './links.ts';
import type { Stand } from './story.ts';
import { visible } from './visible.ts';

/** So much of a line of evidence is worth a reader's while. */
const lineLimit = 400;

/** What was seen, whose part that lies in, who mends it, and where that is told. */
export function findingSection(cell: CellView, { level }: Stand): Html {
  const { deciding, component, where, tracker, cause } = cell;
  const outcome = deciding?.outcome;
  const heading = (text: string) => (level === 2 ? html`<h3>${text}</h3>` : html`<h3>${text}</h3>`);
  const said = outcome && 'message' in outcome ? outcome.message : undefined;
  const step = outcome?.status === 'failed' ? outcome.step : undefined;
  return html`<section class="finding">${heading(component === undefined ? 'Why' : 'What failed, and whose part it is')}
${said === undefined ? html`<p>${cause}</p>` : html`<figure><figcaption><code>${deciding?.cell.id}</code>${step ? html`, at <q>${step}</q>` : none}</figcaption><pre>${visible(said, lineLimit)}</pre></figure>`}
${component === undefined ? none : faultLines(cell)}
${where && component !== undefined ? html`<p>Where it belongs: ${linkTo(tracker ?? where.url, where.title)}${where.package ? html`, package <code>${where.package}</code>` : none}${where.maintainers ? html` (${where.maintainers})` : none}. ${where.notes.join('; ')}</p>` : none}
</section>`;
}

function faultLines({ component = 'unknown', deciding }: CellView): Html {
  const { confidence, provenance, class: kind } = deciding?.finding ?? {};
  return html`<p>Owner: <b>${component}</b>, ${componentWords[component]}${provenance ? html` (<code>${provenance}</code>)` : none}.${confidence ? html` Confidence <b>${confidence}</b>: ${confidenceWords[confidence]}.` : none}${kind ? html` Kind of failure: <code>${kind}</code>.` : none}</p>`;
}
