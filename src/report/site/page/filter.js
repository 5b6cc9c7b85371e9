import { matchesOf } from './match.js';
import { parseQuery } from './query.js';
import { rowsIn } from './rows.js';

/** Shows the rows that a query means, and says how many there are and what of it meant nothing. */
export function filterOf(tables) {
  const all = tables.map((table) => rowsIn(table));
  return (text) => {
    const { terms, troubles } = parseQuery(text);
    const counts = all.map((rows) => {
      let shown = 0;
      for (const { element, cells, facts } of rows) {
        const meant = matchesOf(facts, terms);
        element.hidden = meant === undefined;
        shown += meant === undefined ? 0 : 1;
        for (const [index, cell] of cells.entries()) {
          cell.classList.toggle('meant', meant?.includes(index) ?? false);
        }
      }
      return { shown, all: rows.length };
    });
    tell(counts, troubles, terms.length > 0);
  };
}

function tell([tested, others], troubles, isFiltered) {
  const says = document.getElementById('q-says');
  const lines = troubles.map(({ text, hint }) => `“${text}” was left out: ${hint}.`);
  says.textContent = lines.join(' ');
  document.getElementById('q').setAttribute('aria-invalid', String(troubles.length > 0));

  const rest = others && others.all > 0 ? `, and ${others.shown} of ${others.all} that were not` : '';
  document.getElementById('q-count').textContent = isFiltered
    ? `${tested.shown} of ${tested.all} tested releases${rest}`
    : `${tested.all} tested ${tested.all === 1 ? 'release' : 'releases'}${others && others.all > 0 ? `, ${others.all} described and not tested` : ''}`;
  const nothing = document.getElementById('nothing');
  if (nothing) {
    nothing.hidden = tested.shown > 0;
  }
  const catalogue = document.getElementById('untested');
  if (catalogue && isFiltered) {
    catalogue.open = others.shown > 0 && (tested.shown === 0 || catalogue.open);
  }
  const count = document.getElementById('untested-count');
  if (count) {
    count.textContent = isFiltered ? `${others.shown} match` : '';
  }
}
