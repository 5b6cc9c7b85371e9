/** Keys beside those that every page has: `/` to the search, arrows between the words of the table. */
export function tendKeys(search) {
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.closest?.('input, select, textarea, dialog');
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
      return;
    }
    if (event.key === '/' && !isTyping && search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === 'Escape' && event.target === search && search.value === '') {
      search.blur();
    } else if (event.key.startsWith('Arrow') && event.target.matches?.('[data-story]')) {
      const to = neighbour(event.target, event.key);
      if (to) {
        event.preventDefault();
        to.focus();
      }
    }
  });
}

function neighbour(link, key) {
  const row = link.closest('tr');
  const own = [...row.querySelectorAll('[data-story]')];
  const index = own.indexOf(link);
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    return own[index + (key === 'ArrowRight' ? 1 : -1)];
  }
  const rows = [...row.parentElement.rows].filter((one) => !one.hidden);
  const other = rows[rows.indexOf(row) + (key === 'ArrowDown' ? 1 : -1)];
  return other?.querySelectorAll('[data-story]')[index];
}
