// @ts-check
import { keys } from './terms.js';

/**
 * What the page knows of a cell: a release and a stack.
 * @typedef {object} CellFacts
 * @property {string} text all that is shown in it, in small letters
 * @property {string} vmm
 * @property {string} kernel whose the guest has
 * @property {readonly string[]} support
 * @property {readonly string[]} is
 * @property {string} blame
 */

/**
 * What the page knows of a release.
 * @typedef {object} RowFacts
 * @property {string} text
 * @property {string} family
 * @property {string} arch
 * @property {readonly string[]} provider
 * @property {readonly string[]} is
 * @property {string} kernel the version of its own
 * @property {string} kata
 * @property {readonly CellFacts[]} cells
 */

/** @import { Term } from './query.js' */

/**
 * Which of a row's cells a query means, by their places; undefined where it doesn't mean the row. All that is asked of cells
 * has to hold for one and the same. A row that is meant as a whole has none that is meant above the others.
 * @param {RowFacts} row @param {readonly Term[]} terms
 * @returns {readonly number[] | undefined}
 */
export function matchesOf(row, terms) {
  const ofCells = terms.filter((term) => isOfCell(term, row));
  const ofRow = terms.filter((term) => !ofCells.includes(term));
  if (!ofRow.every((term) => holdsForRow(row, term))) {
    return undefined;
  }
  const asked = ofCells.filter(({ not }) => !not);
  const meant = row.cells.flatMap((cell, index) =>
    ofCells.every((term) => holdsForCell(row, cell, term)) ? [index] : [],
  );
  if (ofCells.length === 0) {
    return [];
  }
  // What is asked not to be so is asked of all that there are; a row without any has nothing of it.
  if (asked.length === 0) {
    return meant.length === row.cells.length ? [] : undefined;
  }
  return meant.length > 0 ? meant : undefined;
}

/**
 * Whether a term is asked of cells. `is:` is of whichever has it: a row says that it is past its end, a cell that it is new.
 * @param {Term} term @param {RowFacts} row
 */
function isOfCell({ key, values }, row) {
  if (key === undefined) {
    return false;
  }
  const of = keys[key]?.of;
  // Of either what the row has of them is enough; else it is asked of cells what is not of rows alone.
  const isOfRow = values.some((value) => row.is.includes(value)) || values.every(isRowFlag);
  return of === 'cell' || (of === 'either' && !isOfRow);
}

const rowFlags = ['tested', 'untested', 'rolling', 'eol'];
/** @param {string} value */
const isRowFlag = (value) => rowFlags.includes(value);

/** @param {RowFacts} row @param {Term} term */
function holdsForRow(row, { key, values, not }) {
  const holds = values.some((value) => {
    switch (key) {
      case undefined:
        return row.text.includes(value);
      case 'is':
        return row.is.includes(value);
      case 'provider':
        return row.provider.some((one) => one.startsWith(value));
      case 'family':
        return row.family === value;
      case 'arch':
        return row.arch === value;
      case 'kata':
        return row.kata === value;
      default:
        return false;
    }
  });
  return holds !== not;
}

/** @param {RowFacts} row @param {CellFacts} cell @param {Term} term */
function holdsForCell(row, cell, { key, values, not }) {
  const holds = values.some((value) => {
    switch (key) {
      case 'is':
        return cell.is.includes(value);
      case 'support':
        return cell.support.includes(value);
      case 'vmm':
        return cell.vmm === value;
      case 'kernel':
        return cell.kernel === value || isVersionBegun(row.kernel, value);
      case 'blame':
        return (
          cell.blame === value ||
          cell.blame === `distro-${value}` ||
          (value === 'engine' && cell.blame === 'container-stack')
        );
      default:
        return false;
    }
  });
  return holds !== not;
}

/**
 * Whether a version begins like this: 6.12 with 6, and not with 6.1.
 * @param {string} version @param {string} begin
 */
function isVersionBegun(version, begin) {
  return version.startsWith(begin) && !(/\d$/.test(begin) && /^\d/.test(version.slice(begin.length)));
}
