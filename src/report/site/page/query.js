// @ts-check
import { keys, otherKeys, shorthands } from './terms.js';

/**
 * One condition. `key` is missing for free text; any of `values` will do; `not`: none of them.
 * @typedef {{ readonly key?: string, readonly values: readonly string[], readonly not: boolean }} Term
 */

/**
 * @typedef {{ readonly text: string, readonly hint: string }} Trouble a word that means nothing, and what to write
 * @typedef {{ readonly terms: readonly Term[], readonly troubles: readonly Trouble[] }} Query
 */

/**
 * What somebody typed: words with blanks between, all of which have to hold. A wrong one is left out, and said.
 * @param {string} text
 * @returns {Query}
 */
export function parseQuery(text) {
  /** @type {Term[]} */
  const terms = [];
  /** @type {Trouble[]} */
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

/** The same as text that reads back as the same: a quoted word keeps its quotes. @param {Term} term */
export function termText({ key, values, not }) {
  const quoted = values.map((value) =>
    /[\s,"]|^-/.test(value) || (!key && value.includes(':')) ? `"${value}"` : value,
  );
  return `${not ? '-' : ''}${key ? `${key}:` : ''}${quoted.join(',')}`;
}

/**
 * A query with one key set anew, or without it; everything else stays as it was typed.
 * @param {string} text @param {string} key @param {string} value
 */
export function withTerm(text, key, value) {
  const kept = wordsOf(text).filter((word) => keyOf(word) !== key || word.startsWith('-'));
  return [...kept, ...(value === '' ? [] : [termText({ key, values: [value], not: false })])].join(' ');
}

/** What a key is set to in a query; empty where it isn't. @param {string} text @param {string} key */
export function valueOfKey(text, key) {
  const found = parseQuery(text).terms.find(
    (term) => term.key === key && !term.not && term.values.length === 1,
  );
  return found?.values[0] ?? '';
}

/** @param {string} text @returns {readonly string[]} */
function wordsOf(text) {
  return text.slice(0, 1000).match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
}

/** @param {string} word */
function keyOf(word) {
  const [, name] = /^-?([\w-]+):/.exec(word) ?? [];
  const key = name?.toLowerCase();
  return key !== undefined && Object.hasOwn(otherKeys, key) ? otherKeys[key] : key;
}

/** @param {string} word @returns {Term | Trouble} */
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

/**
 * The one that was probably meant.
 * @param {string} word @param {readonly string[]} all
 */
export function nearest(word, all) {
  const ranked = all
    .map((one) => ({ one, far: one.startsWith(word) && word.length > 1 ? 0 : distance(word, one) }))
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  return best && best.far <= Math.max(1, Math.floor(word.length / 3)) ? best.one : undefined;
}

/** Letters to change, add or take away. @param {string} a @param {string} b */
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
