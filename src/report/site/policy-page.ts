import { policySection } from '../policy-section.ts';
import { framed } from './frame.ts';
import { type Html, html } from './html.ts';
import { limitsSection } from './limits.ts';
import type { View } from './view.ts';
import { capableSentence, wordClass } from './words.ts';

/** What each published word takes. */
export function policyPage(view: View): string {
  const { version, adopted } = view.policy;
  return framed(
    {
      title: `Policy ${version}: what the words mean – katafarm`,
      description:
        'What each published word takes, cell by cell: data with a version, named beside every word.',
      depth: 0,
      at: 'policy',
      body: html`<h1>Policy ${version}</h1>
<p class="lede">Every published word is computed by this policy from what machines showed, and names its version. ${adopted ? "Kata's own people have adopted it." : "Kata's own people have not adopted it yet, so the best word is printed as works."}</p>
<p class="capable-is"><span class="${wordClass('capable')}">capable</span> ${capableSentence.replace(/^capable /, '')}</p>
<div class="prose">${rendered(policySection(view.policy))}</div>
${limitsSection(view)}`,
    },
    view,
  );
}

/** Headings, lists and paragraphs, with words in bold: what the section is written in. */
function rendered(markdown: string): Html {
  const blocks = markdown.split('\n\n').flatMap((block) => {
    const lines = block.split('\n').filter((line) => line !== '');
    const items = lines.filter((line) => line.startsWith('- '));
    const texts = lines.filter((line) => !line.startsWith('- '));
    return [
      ...texts.map((line) =>
        line.startsWith('## ') ? html`<h2>${line.slice(3)}</h2>` : html`<p>${inline(line)}</p>`,
      ),
      ...(items.length > 0
        ? [html`<ul>${items.map((line) => html`<li>${inline(line.slice(2))}</li>`)}</ul>`]
        : []),
    ];
  });
  return html`${blocks}`;
}

function inline(text: string): Html {
  const pieces = text.split(/\*\*([^*]+)\*\*/);
  return html`${pieces.map((piece, index) => (index % 2 === 1 ? html`<b>${piece}</b>` : piece))}`;
}
