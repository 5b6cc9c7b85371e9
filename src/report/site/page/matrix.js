import { filterOf } from './filter.js';
import { tendKeys } from './keys.js';
import { valueOfKey, withTerm } from './query.js';
import { addressOf, stateIn } from './state.js';
import { storyDialog } from './story.js';

/** The landing page: search, filters and stories, all of which the address knows. */
export function tendMatrix() {
  const search = document.getElementById('q');
  const tables = [...document.querySelectorAll('table.matrix')];
  const filter = filterOf(tables);
  const lists = [...document.querySelectorAll('[data-key]')];
  let state = { q: '', story: '' };

  const dialog = storyDialog(document.getElementById('story'), () => {
    // Back to where it was opened from, if that is here; else to the same view without it.
    if (history.state?.opened) {
      history.back();
    } else {
      go({ ...state, story: '' }, 'replace');
    }
  });

  const show = () => {
    if (search.value !== state.q && document.activeElement !== search) {
      search.value = state.q;
    }
    for (const list of lists) {
      const value = valueOfKey(state.q, list.dataset.key);
      list.value = [...list.options].some((one) => one.value === value) ? value : '';
    }
    filter(state.q);
    dialog(state.story).catch(() => undefined);
  };
  const go = (next, how, note = {}) => {
    state = next;
    history[how === 'push' ? 'pushState' : 'replaceState'](note, '', addressOf(next));
    show();
  };
  const setQuery = (q, how) => {
    search.value = q;
    go({ ...state, q }, how);
  };

  let typed;
  search.addEventListener('input', () => {
    clearTimeout(typed);
    // The first letter of a search is a step of its own, so that Back takes all of it away.
    const isFirst = state.q === '';
    typed = setTimeout(() => go({ ...state, q: search.value.trim() }, isFirst ? 'push' : 'replace'), 80);
  });
  search.form.addEventListener('submit', (event) => event.preventDefault());
  for (const list of lists) {
    list.addEventListener('change', () =>
      setQuery(withTerm(search.value, list.dataset.key, list.value), 'push'),
    );
  }
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('[data-story]');
    if (event.target.closest?.('[data-clear]')) {
      setQuery('', 'push');
      search.focus();
    } else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      go({ ...state, story: link.dataset.story }, 'push', { opened: true });
    }
  });
  const read = () => {
    state = stateIn(location);
    search.value = state.q;
    show();
  };
  addEventListener('popstate', read);
  tendKeys(search);
  read();
}
