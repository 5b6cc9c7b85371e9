import { isGood } from '../../domain/support.ts';
import type { CellView } from './cell-view.ts';
import { type Html, html, none } from './html.ts';
import { linkTo, pathTo, placeOfRelease } from './links.ts';
import { agesFrom, basisText, dayMark, stackParts, stackTitles, wordClass } from './words.ts';

/** A cell whose word may rest on the same as another's: then that is not told twice. */
interface Beside {
  /** What the cell is called within its column. */
  readonly label: string;
  readonly base: CellView | undefined;
}

/** A word with what it rests on, in short; it leads to its story. */
export function cellMark(cell: CellView, beside?: Beside): Html {
  const { support, word, printed, flags, component } = cell;
  const { release, stack } = support;
  const [vmm = '', kernel = ''] = stackParts[stack] ?? [];
  const words = [...new Set([support.word, word, support.was ?? word])].map((one) =>
    one === 'supported' ? 'works' : one,
  );
  const place = `${release}/${stack}`;
  return html`<div class="cell" data-vmm="${vmm}" data-kernel="${kernel}" data-support="${words.join(' ')}" data-is="${flags.join(' ')}"${component ? html` data-blame="${component}"` : none}>
${beside ? html`<span class="with">${beside.label}</span> ` : none}<a class="${wordClass(word, support.word === 'eol')}" href="${pathTo(0, placeOfRelease(release))}#${stack}" data-story="${place}"><span class="hide">${stackTitles[stack]}: </span>${printed}</a>${support.word === 'eol' ? none : flagMarks(flags)}
${belowOf(cell, beside)}</div>`;
}

function belowOf(cell: CellView, beside: Beside | undefined): Html {
  const { newest, age, basis } = cell.support;
  const same = isSame(cell, beside) ? beside?.base?.support.stack : undefined;
  // What is not there was said of the VMM itself.
  const isTold = same !== undefined && cell.word === 'not-packaged';
  const when = html`<span class="meta">${dayMark(newest, age, agesFrom(cell.support, cell.deciding))}${newest && !isTold ? html` · ${basis ? basisText(basis) : 'catalogue'}` : none}</span>`;
  if (isTold) {
    return html` ${when}`;
  }
  const why = same
    ? html`<p class="why">as with ${stackTitles[same]}</p>`
    : html`${causeLine(cell)}${ownerLine(cell)}`;
  return html`<div class="below">${when}${why}</div>`;
}

/** Whether a word is the same as its neighbour's, for the same reason. */
function isSame({ word, support }: CellView, beside: Beside | undefined): boolean {
  const base = beside?.base;
  return (
    base !== undefined && word === base.word && support.reason === base.support.reason && word !== 'capable'
  );
}

function causeLine({ word, cause }: CellView): Html {
  if (word === 'capable' && cause === undefined) {
    return html`<p class="why">VMM and kernel pass; Kata not run yet</p>`;
  }
  return cause === undefined
    ? none
    : html`<p class="why${word === 'not-packaged' ? ' one' : ''}" title="${cause}">${cause}</p>`;
}

const told: Readonly<Record<string, string>> = {
  'new-failure': 'new failure',
  flaky: 'flaky',
  'only-here': 'only here',
};

function flagMarks(flags: readonly string[]): Html {
  return html`${flags.flatMap((flag) => (told[flag] ? [html` <span class="flag ${flag}">${told[flag]}</span>`] : []))}`;
}

/** Who mends it, and where it is told of: the tracker of a known issue, else the one that a report belongs in. */
export function ownerLine({ component, where, tracker, word, deciding }: CellView): Html {
  if (component === undefined || isGood(word)) {
    return none;
  }
  if (component === 'unknown') {
    return html`<p class="who">owner: nobody is named yet${tracker ? html` · ${linkTo(tracker, 'tracker')}` : none}</p>`;
  }
  const owner = where?.package ?? deciding?.finding?.provenance ?? component;
  return html`<p class="who">owner: <b>${component}</b>, ${owner} · ${linkTo(tracker ?? where?.url, where?.title ?? 'tracker')}</p>`;
}
