import { tendAges } from './fade.js';

const loaded = new Map();
const waiting = new Map();

/** What a release's file of stories calls. */
window.katafarmStories = (id, stories) => {
  loaded.set(id, stories);
  for (const tell of waiting.get(id) ?? []) {
    tell(stories);
  }
  waiting.delete(id);
};

/** The stories of a release: from its file, which is loaded once, when it is asked for. */
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

/** Opens and closes the dialog of stories. `closed`: somebody put it away. */
export function storyDialog(dialog, closed) {
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
    // Somebody may have gone on meanwhile.
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
