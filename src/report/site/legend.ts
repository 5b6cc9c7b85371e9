import { policy as current } from '../../domain/policy.ts';
import type { Word } from '../../domain/support.ts';
import { type Html, html } from './html.ts';
import type { View } from './view.ts';
import { capableSentence, wordClass } from './words.ts';

const meanings: readonly (readonly [Word, string])[] = [
  ['supported', "Kata's own cells are green as well, nights in a row"],
  ['capable', 'everything that Kata needs of the release works; Kata itself was not run'],
  ['degraded', 'works with a recorded departure from a default, or an optional cell failed'],
  ['known-issue', 'fails, and a tracker tells of it'],
  ['broken', 'a required cell failed on two fresh machines, and works elsewhere on the same host'],
  ['blocked', 'a control failed, so nothing can be said'],
  ['unknown', "never run, the farm's own trouble, or too old"],
  ['not-packaged', 'the distribution has no such package'],
  ['eol', 'nobody mends the release any more; greyed'],
];

/** How the table is read; above all what `capable` is. */
export function legend({ policy }: View): Html {
  const works = current.adopted ? 'supported' : 'works';
  const rows = meanings.map(
    ([word, text]) =>
      html`<div><dt><span class="${wordClass(word, word === 'eol')}">${word === 'supported' ? works : word}</span></dt><dd>${text}</dd></div>`,
  );
  return html`<p class="capable-is">${splitAt(capableSentence)}</p>
<details class="legend"><summary>What the words mean (<span class="plain">policy ${policy.version}</span>)</summary>
<dl>${rows}</dl>
<p><b>(emulated)</b>: seen on an emulated CPU only. <b>(outdated)</b>: a newer package is there by now. Stacks that don't name the distro's kernel boot Kata's guest kernel: upstream's test kernel, whose CVEs nobody tracks. <a href="policy.html">Policy ${policy.version}</a> says which cells each word takes.</p>
</details>`;
}

/** The sentence with its first word as the word that it is about. */
function splitAt(sentence: string): Html {
  const [first = '', ...rest] = sentence.split(' ');
  return html`<span class="${wordClass('capable')}">${first}</span> ${rest.join(' ')}`;
}
