import { keyOfExhibit } from '../../domain/exhibit.ts';
import { katafarmOf, repeatOf } from '../words.ts';
import type { CellView } from './cell-view.ts';
import { type Html, html, none } from './html.ts';
import { runMark } from './run-mark.ts';
import type { Stand } from './story.ts';
import type { View } from './view.ts';

const evidence = ['transcript.txt', 'console.log'].join(', ');

/** The command that repeats it, and where its transcript and console are: folders of runs are not published. */
export function repeatSection({ support, deciding }: CellView, view: View, { depth }: Stand): Html {
  const first = support.behind.find(({ observed }) => observed);
  const cell = deciding?.cell;
  const run = deciding?.run ?? first?.observed?.run;
  const command = view.matrix.evidence.runs.find(({ id }) => id === run)?.command;
  if (support.word === 'not-packaged' || support.tested === 'not-packaged' || run === undefined) {
    return none;
  }
  const again = cell
    ? repeatOf(cell, command)
    : katafarmOf(['run', support.release, '--stack', support.stack, ...mannerOf(command)]);
  const isShown = cell && view.exhibits.get(keyOfExhibit({ run, cell: cell.id }))?.file !== undefined;
  const attempt = deciding?.attempts.length;
  const folder = cell && attempt ? `${run}/cells/${cell.id}/${attempt}/` : `${run}/cells/${support.release}/`;
  return html`<section><h3>Repeat it</h3>
<div class="command"><pre><code>${again}</code></pre><button type="button" class="js-only" data-copy>Copy</button></div>
<p>${isShown ? 'All of its transcript and console' : 'Transcript and console'}: in the folder of run ${runMark(run, view, depth)}, <code>${folder}</code>${cell && attempt ? html` (${evidence})` : none}. Folders of runs are not published here; who made the run has them${cell ? html`, and <code>${katafarmOf(['explain', cell.id])}</code> reads them` : none}.</p></section>`;
}

function mannerOf(command: readonly string[] = []): readonly string[] {
  const at = command.indexOf('--kata');
  return at < 0 ? [] : command.slice(at, at + 2);
}
