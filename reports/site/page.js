(() => {
'use strict';
const keys = {
  is: {
    of: 'either',
    says: 'what is remarkable of it',
    values: {
      'new-failure': 'red, green before, and red for at most a week',
      flaky:
        'red and green on clones of one machine, or to and fro with nothing changed, in its last 20 nights',
      'only-here': 'red here, and green on every other release that it was run on',
      tested: 'somebody ran it',
      untested: 'described, and never run',
      eol: 'past its end: nobody mends it',
      rolling: 'a release that changes daily',
      emulated: 'seen on an emulated CPU only',
      outdated: 'a newer package is there than the one that was tested',
      fresh: 'tested lately',
      ageing: 'tested some time ago',
      stale: 'tested too long ago to say anything',
    },
  },
  support: {
    of: 'cell',
    says: 'the word that is published',
    values: {
      works: "Kata's own cells are green as well",
      capable: 'the VMM and the kernel do; Kata itself was not run',
      degraded: 'with a departure from a default',
      'known-issue': 'it fails, and a tracker tells of it',
      broken: 'a required cell failed',
      blocked: 'a control failed',
      unknown: 'no verdict',
      'not-packaged': 'the distribution has no such package',
      eol: 'past its end',
    },
    aliases: { supported: 'works' },
  },
  vmm: {
    of: 'cell',
    says: 'whose VMM it is about',
    values: { qemu: 'QEMU', 'cloud-hypervisor': 'cloud-hypervisor', firecracker: 'Firecracker' },
    aliases: { clh: 'cloud-hypervisor', fc: 'firecracker' },
  },
  kernel: {
    of: 'cell',
    says: "whose kernel the guest has, own or kata; or the release's own, by the start of its version (kernel:6.12)",
    aliases: { distro: 'own' },
  },
  blame: {
    of: 'cell',
    says: 'whose part a failure lies in',
    values: {
      vmm: "the release's VMM",
      virtiofsd: "the release's virtiofsd",
      kernel: "the release's kernel",
      host: "the release's set-up: modules, devices, limits",
      policy: 'AppArmor or SELinux',
      packaging: 'packages that do not go together',
      engine: 'containerd, runc and the like',
      kata: 'Kata itself',
      'kata-vmm': 'Kata and this VMM together',
      farm: 'katafarm itself',
      infra: 'the host of the farm',
      unknown: 'nobody is named',
    },
    aliases: {
      'container-stack': 'engine',
      'distro-vmm': 'vmm',
      'distro-virtiofsd': 'virtiofsd',
      'distro-kernel': 'kernel',
      'distro-host': 'host',
      'distro-policy': 'policy',
      'distro-packaging': 'packaging',
    },
  },
  family: { of: 'row', says: 'a family of distributions: debian, fedora, rhel, suse …' },
  arch: {
    of: 'row',
    says: 'an architecture',
    values: { amd64: 'x86_64', arm64: 'aarch64' },
    aliases: { x86_64: 'amd64', aarch64: 'arm64' },
  },
  provider: {
    of: 'row',
    says: 'how its machines were had: qemu:built, qemu:cloud, docker, ssh (the start is enough)',
  },
  kata: {
    of: 'row',
    says: "the distribution's own package of Kata",
    values: {
      packaged: 'it has one',
      'not-packaged': 'somebody looked, and it has none',
      unknown: 'nobody knows',
    },
  },
};
const shorthands = { 'only-here': { key: 'is', value: 'only-here' } };
const otherKeys = { variant: 'provider', architecture: 'arch', distro: 'family', word: 'support' };

function parseQuery(text) {
  const terms = [];
  const troubles = [];
  for (const word of wordsOf(text)) {
    const made = termOf(word);
    if ('hint' in made) {
      troubles.push(made);
    } else {
      terms.push(made);
    }
  }
  return { terms, troubles };
}
function termText({ key, values, not }) {
  const quoted = values.map((value) =>
    /[\s,"]|^-/.test(value) || (!key && value.includes(':')) ? `"${value}"` : value,
  );
  return `${not ? '-' : ''}${key ? `${key}:` : ''}${quoted.join(',')}`;
}
function withTerm(text, key, value) {
  const kept = wordsOf(text).filter((word) => keyOf(word) !== key || word.startsWith('-'));
  return [...kept, ...(value === '' ? [] : [termText({ key, values: [value], not: false })])].join(' ');
}
function valueOfKey(text, key) {
  const found = parseQuery(text).terms.find(
    (term) => term.key === key && !term.not && term.values.length === 1,
  );
  return found?.values[0] ?? '';
}
function wordsOf(text) {
  return text.slice(0, 1000).match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
}
function keyOf(word) {
  const [, name] = /^-?([\w-]+):/.exec(word) ?? [];
  const key = name?.toLowerCase();
  return key !== undefined && Object.hasOwn(otherKeys, key) ? otherKeys[key] : key;
}
function termOf(word) {
  const not = word.startsWith('-') && word.length > 1;
  const said = not ? word.slice(1) : word;
  const key = keyOf(said);
  const known = key !== undefined && Object.hasOwn(keys, key) ? keys[key] : undefined;
  if ((said.match(/"/g) ?? []).length % 2 === 1) {
    return { text: word, hint: 'a quotation mark is not closed' };
  }
  if (key === undefined || said.startsWith('"')) {
    const plain = said.replaceAll('"', '').toLowerCase();
    const short = Object.hasOwn(shorthands, plain) && shorthands[/** @type {'only-here'} */ (plain)];
    return short ? { key: short.key, values: [short.value], not } : { values: [plain], not };
  }
  if (!known) {
    const near = nearest(key, [...Object.keys(keys), ...Object.keys(otherKeys)]);
    const mean = near ? `did you mean ${near}:?` : `keys are ${Object.keys(keys).join(', ')}`;
    return { text: word, hint: `there is no key "${key}"; ${mean}` };
  }

  const values = said
    .slice(said.indexOf(':') + 1)
    .split(',')
    .map((value) => value.replaceAll('"', '').toLowerCase())
    .filter((value) => value !== '')
    .map((value) =>
      known.aliases && Object.hasOwn(known.aliases, value) ? (known.aliases[value] ?? value) : value,
    );
  const all = known.values && Object.keys(known.values);
  if (values.length === 0) {
    return { text: word, hint: `${key}: what? ${all ? all.join(', ') : known.says}` };
  }
  const wrong = all && values.find((value) => !all.includes(value));
  if (wrong !== undefined && all) {
    const near = nearest(wrong, all);
    const mean = near ? `did you mean ${key}:${near}?` : `it takes ${all.join(', ')}`;
    return { text: word, hint: `${key}: knows no "${wrong}"; ${mean}` };
  }
  return { key, values, not };
}
function nearest(word, all) {
  const ranked = all
    .map((one) => ({ one, far: one.startsWith(word) && word.length > 1 ? 0 : distance(word, one) }))
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  return best && best.far <= Math.max(1, Math.floor(word.length / 3)) ? best.one : undefined;
}
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a.slice(0, 40)].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(
        Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)),
      );
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function matchesOf(row, terms) {
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
  if (asked.length === 0) {
    return meant.length === row.cells.length ? [] : undefined;
  }
  return meant.length > 0 ? meant : undefined;
}
function isOfCell({ key, values }, row) {
  if (key === undefined) {
    return false;
  }
  const of = keys[key]?.of;
  const isOfRow = values.some((value) => row.is.includes(value)) || values.every(isRowFlag);
  return of === 'cell' || (of === 'either' && !isOfRow);
}

const rowFlags = ['tested', 'untested', 'rolling', 'eol'];
const isRowFlag = (value) => rowFlags.includes(value);
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
function isVersionBegun(version, begin) {
  return version.startsWith(begin) && !(/\d$/.test(begin) && /^\d/.test(version.slice(begin.length)));
}

function ageOf(day, today, fade) {
  const [fresh = 7, ageing = 21] = fade.split(',').map(Number);
  const days = Math.max(0, Math.round((Date.parse(today) - Date.parse(day)) / 86_400_000));
  if (days > ageing) {
    return { days, state: 'stale', step: 4 };
  }
  if (days > fresh) {
    return { days, state: 'ageing', step: 3 };
  }
  return { days, state: 'fresh', step: Math.min(2, Math.floor((days * 3) / (fresh + 1))) };
}
function agoWords(days) {
  if (days < 2) {
    return days === 0 ? 'today' : 'yesterday';
  }
  return days < 60 ? `${days} days ago` : `${Math.round(days / 30)} months ago`;
}

const steps = { fresh: 0, ageing: 3, stale: 4 };
function noFresher(aged, made) {
  const least = steps[made] ?? 0;
  return aged.step < least ? { state: made, step: least } : { state: aged.state, step: aged.step };
}

function tendAges(root = document, now = () => new Date()) {
  const today = now().toISOString().slice(0, 10);
  let stale = 0;
  for (const time of root.querySelectorAll('[data-fade] time[data-age]')) {
    if (time.closest('.eol')) {
      continue;
    }
    const fade = time.closest('[data-fade]')?.dataset.fade ?? '';
    const before = time.dataset.age;
    const aged = ageOf(time.dataset.from ?? time.dateTime, today, fade);
    const { state, step } = noFresher(aged, before);
    time.dataset.age = state;
    time.dataset.step = String(step);
    time.title = agoWords(ageOf(time.dateTime, today, fade).days);
    if (state !== 'fresh' && !time.nextElementSibling?.classList.contains('age')) {
      const note = document.createElement('span');
      note.className = 'age';
      const when = `${time.dataset.from ? 'its oldest cell ' : ''}${agoWords(aged.days)}`;
      note.textContent = state === 'stale' ? ` stale by now (${when})` : ` ageing (${when})`;
      time.after(note);
    }
    const isOwn = !time.closest('.headline');
    stale += isOwn && state === 'stale' && before !== 'stale' ? 1 : 0;
  }
  return { today, stale };
}
function tellAsOf({ today, stale }) {
  const place = document.getElementById('as-of');
  const asOf = document.body.dataset.asOf;
  if (!place || !asOf || asOf >= today) {
    return;
  }
  const { days } = ageOf(asOf, today, '7,21');
  const since =
    stale > 0
      ? ` Since then ${stale} of its verdicts have become too old to say anything; they are marked.`
      : '';
  place.append(` It was made ${agoWords(days)}.${since}`);
}

const listIn = (text) => (text ?? '').split(' ').filter((word) => word !== '');
function rowsIn(table) {
  return [...(table.tBodies[0]?.rows ?? [])].map((element) => {
    const cells = [...element.querySelectorAll('.cell')];
    return { element, cells, facts: factsOf(element, cells) };
  });
}
function factsOf({ dataset, id, textContent }, cells) {
  return {
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

function filterOf(tables) {
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

function stateIn({ hash, search }) {
  const behind = hash.replace(/^#/, '');
  const own = new URLSearchParams(/(^|&)(q|story)=/.test(behind) ? behind : '');
  const asked = new URLSearchParams(search);
  return {
    q: own.get('q') ?? (own.has('story') ? '' : (asked.get('q') ?? '')),
    story: (own.get('story') ?? asked.get('story') ?? '').replaceAll(' ', '+'),
  };
}
function addressOf({ q, story }) {
  const parts = [
    ...(q ? [`q=${encodeURIComponent(q)}`] : []),
    ...(story ? [`story=${encodeURIComponent(story)}`] : []),
  ];
  return `#${parts.join('&').replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%20', '+')}`;
}

const loaded = new Map();
const waiting = new Map();
window.katafarmStories = (id, stories) => {
  loaded.set(id, stories);
  for (const tell of waiting.get(id) ?? []) {
    tell(stories);
  }
  waiting.delete(id);
};
function storiesOf(id) {
  if (loaded.has(id)) {
    return Promise.resolve(loaded.get(id));
  }
  return new Promise((tell, fail) => {
    const first = !waiting.has(id);
    waiting.set(id, [...(waiting.get(id) ?? []), tell]);
    if (first) {
      const script = document.createElement('script');
      script.src = `stories/${encodeURIComponent(id).replaceAll('%40', '@')}.js`;
      script.onerror = () => {
        waiting.delete(id);
        fail(new Error(`no stories of ${id}`));
      };
      document.head.append(script);
    }
  });
}
function storyDialog(dialog, closed) {
  let shown = '';
  dialog.addEventListener('close', () => {
    if (shown !== '') {
      shown = '';
      closed();
    }
  });
  dialog.addEventListener('click', (event) => {
    const isOutside = event.target === dialog;
    if (isOutside || event.target.closest('[data-close]')) {
      dialog.close();
    }
  });

  return async (story) => {
    if (story === shown) {
      return;
    }
    shown = story;
    const [id = '', stack = ''] = story.split('/');
    const row = story === '' ? undefined : document.getElementById(id);
    if (!row) {
      shown = '';
      dialog.close();
      return;
    }
    const markup = await storiesOf(id).then(
      (stories) => (Object.hasOwn(stories, stack) ? stories[stack] : undefined),
      () => undefined,
    );
    if (shown === story) {
      fill(dialog, markup, { id, stack, title: row.dataset.title ?? id });
      if (!dialog.open) {
        dialog.showModal();
      }
      dialog.scrollTop = 0;
    }
  };
}

function fill(dialog, markup, { id, stack, title }) {
  const bar = document.createElement('p');
  bar.className = 'dialog-bar';
  const page = document.createElement('a');
  page.href = `distros/${encodeURIComponent(id).replaceAll('%40', '@')}.html#${stack}`;
  page.textContent = `The whole page of ${title}`;
  const close = document.createElement('button');
  close.type = 'button';
  close.dataset.close = '';
  close.textContent = 'Close (Esc)';
  bar.append(page, close);

  const body = document.createElement('div');
  if (markup === undefined) {
    const heading = document.createElement('h2');
    heading.id = 'story-title';
    heading.textContent = title;
    const missing = document.createElement('p');
    missing.textContent = `There is no story of ${stack} here.`;
    body.append(heading, missing);
  } else {
    body.innerHTML = markup;
  }
  dialog.replaceChildren(bar, body);
  tendAges(dialog);
}

function tendKeys(search) {
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

function tendCopies() {
  document.addEventListener('click', async (event) => {
    const button = event.target.closest?.('[data-copy]');
    const text = button?.parentElement.querySelector('code')?.textContent;
    if (!text) {
      return;
    }
    const said = await navigator.clipboard?.writeText(text).then(
      () => 'Copied',
      () => 'Select it',
    );
    button.textContent = said ?? 'Select it';
    if (said !== 'Copied') {
      getSelection()?.selectAllChildren(button.parentElement.querySelector('code'));
    }
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2000);
  });
}

function tendTheme() {
  const button = document.querySelector('[data-theme-toggle]');
  if (!button) {
    return;
  }
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const show = () => button.setAttribute('aria-pressed', String(isDark()));

  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    try {
      localStorage.setItem('katafarm-theme', root.dataset.theme);
    } catch {
    }
    show();
  });
  system.addEventListener('change', show);
  show();
}

function tendMatrix() {
  const search = document.getElementById('q');
  const tables = [...document.querySelectorAll('table.matrix')];
  const filter = filterOf(tables);
  const lists = [...document.querySelectorAll('[data-key]')];
  let state = { q: '', story: '' };

  const dialog = storyDialog(document.getElementById('story'), () => {
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

tendTheme();
tendCopies();
if (document.body.dataset.page === 'matrix') {
  tendMatrix();
}
tellAsOf(tendAges());
})();
