// @ts-check

/**
 * What a view is of: what was searched for, and the story that is open, `RELEASE/STACK`. It stands behind the address's `#`, as
 * files have nothing else that may change; `?q=` is read as well.
 * @typedef {{ readonly q: string, readonly story: string }} State
 */

/**
 * @param {{ readonly hash: string, readonly search: string }} place
 * @returns {State}
 */
export function stateIn({ hash, search }) {
  const behind = hash.replace(/^#/, '');
  const own = new URLSearchParams(/(^|&)(q|story)=/.test(behind) ? behind : '');
  const asked = new URLSearchParams(search);
  return {
    q: own.get('q') ?? (own.has('story') ? '' : (asked.get('q') ?? '')),
    // No stack has a blank in its name, and some have a plus.
    story: (own.get('story') ?? asked.get('story') ?? '').replaceAll(' ', '+'),
  };
}

/** The same as an address's end; `#` alone for a view of everything. @param {State} state */
export function addressOf({ q, story }) {
  const parts = [
    ...(q ? [`q=${encodeURIComponent(q)}`] : []),
    ...(story ? [`story=${encodeURIComponent(story)}`] : []),
  ];
  return `#${parts.join('&').replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%20', '+')}`;
}
