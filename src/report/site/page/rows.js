/** @import { RowFacts } from './match.js' */

const listIn = (text) => (text ?? '').split(' ').filter((word) => word !== '');

/**
 * The table's rows with what the query language asks of them, read from the page itself.
 * @param {HTMLTableElement} table
 */
export function rowsIn(table) {
  return [...(table.tBodies[0]?.rows ?? [])].map((element) => {
    const cells = [...element.querySelectorAll('.cell')];
    return { element, cells, facts: factsOf(element, cells) };
  });
}

/** @returns {RowFacts} */
function factsOf({ dataset, id, textContent }, cells) {
  return {
    // As it is read: lines of the file are no lines of the page.
    text: `${id} ${textContent}`.replaceAll(/\s+/g, ' ').toLowerCase(),
    family: dataset.family ?? '',
    arch: dataset.arch ?? '',
    provider: listIn(dataset.provider),
    is: listIn(dataset.is),
    kernel: dataset.kernel ?? '',
    kata: dataset.kata ?? '',
    cells: cells.map((cell) => ({
      text: cell.textContent.toLowerCase(),
      vmm: cell.dataset.vmm ?? '',
      kernel: cell.dataset.kernel ?? '',
      support: listIn(cell.dataset.support),
      is: listIn(cell.dataset.is),
      blame: cell.dataset.blame ?? '',
    })),
  };
}
