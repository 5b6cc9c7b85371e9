import { type Html, html } from './html.ts';
import { keys } from './page/terms.js';
import type { View } from './view.ts';

const examples: readonly (readonly [string, string])[] = [
  ['is:new-failure', 'what broke in the last week'],
  ['is:flaky', 'red and green on clones of one machine'],
  ['vmm:qemu support:broken', 'where the own QEMU is broken'],
  ['blame:kernel', "failures that lie in a release's kernel"],
  ['only-here', 'red in one release, green everywhere else'],
  ['family:debian -is:eol', 'Debians that somebody mends'],
  ['kata:packaged arch:arm64', 'who packages Kata for arm64'],
  ['virtiofsd', 'free text: all that a row shows'],
];

/** Search, filters and their language: for the page's script. Without it there is the table, whole. */
export function toolbar({ releases }: View): Html {
  const families = [...new Set(releases.flatMap(({ distro }) => distro?.family ?? []))].toSorted();
  const variants = [
    ...new Set(releases.flatMap(({ observations }) => observations.flatMap(({ variant }) => variant ?? []))),
  ].toSorted();
  const lists: readonly (readonly [string, string, readonly string[]])[] = [
    ['support', 'Support', Object.keys(keys['support']?.values ?? {})],
    ['family', 'Family', families],
    ['vmm', 'VMM', Object.keys(keys['vmm']?.values ?? {})],
    ['kernel', 'Guest kernel', ['own', 'kata']],
    ['arch', 'Architecture', Object.keys(keys['arch']?.values ?? {})],
    ['provider', 'Provider', variants],
  ];
  return html`<form class="tools js-only" role="search" aria-label="Releases">
<div class="find"><label for="q">Search <kbd>/</kbd></label><input id="q" type="search" autocomplete="off" spellcheck="false" placeholder="family:debian support:broken virtiofsd" aria-describedby="q-says q-count"><button type="button" data-clear>Clear</button></div>
<div class="lists">${lists.map(([key, title, values]) => html`<label>${title} <select data-key="${key}"><option value="">any</option>${values.map((value) => html`<option>${value}</option>`)}</select></label>`)}</div>
<p id="q-says" class="says" role="alert"></p>
<div class="under"><p id="q-count" class="count" role="status" aria-live="polite"></p>
<details class="help"><summary>Query language</summary>
<p>Words with blanks between; all have to hold, those about a stack for one and the same stack. <code>-word</code> turns one round, <code>a,b</code> means either, <code>"quotes"</code> keep blanks together.</p>
<dl>${Object.entries(keys).map(([key, { says, values }]) => html`<div><dt><code>${key}:</code></dt><dd>${says}${values ? html`: ${Object.entries(values).map(([value, meaning], index) => html`${index > 0 ? ', ' : ''}<span title="${meaning}">${value}</span>`)}` : ''}</dd></div>`)}</dl>
<ul class="examples">${examples.map(([query, meaning]) => html`<li><a href="#q=${encodeURIComponent(query)}"><code>${query}</code></a> ${meaning}</li>`)}</ul>
</details></div>
</form>`;
}
