import { oneLine, plain } from '../domain/text.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;',
  '://': '&#58;//',
  '@': '&#64;',
  $: '&#36;',
};

/** A space of no width, which `plain` leaves out of what machines say. */
const unseen = '&#8203;';

/**
 * Text as Markdown that means just this text: it opens no tag, link, emphasis or table cell, calls nobody and refers to no
 * issue. GitHub looks for names and numbers in what was rendered, so that nothing but a mark that nobody sees keeps them apart.
 */
export function escaped(text: string, limit = 240): string {
  return oneLine(text, limit)
    .replaceAll(/[\\`*_[\]~#]/g, '\\$&')
    .replaceAll(/:\/\/|[&<>|$]/g, (match) => entities[match] ?? match)
    .replaceAll(/(?<!\w)@(?=\w)/g, `${entities['@']}${unseen}`)
    .replaceAll('@', entities['@'] ?? '')
    .replaceAll(/\\#(?=\d)|\bGH(?=-\d)|\bwww(?=\.)/gi, `$&${unseen}`);
}

/** The same, with https addresses as links: of the catalogue's texts, never of a guest's. */
export function linked(text: string, limit = 400): string {
  return oneLine(text, limit)
    .split(/(https:\/\/[\w./~%+:=?&#-]*[\w/])/)
    .map((piece, index) => (index % 2 === 1 ? `<${piece}>` : escaped(piece, limit)))
    .join('');
}

/** A table of cells that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A block of verbatim text, of so many lines at most; nothing in it can end the block. */
export function verbatim(text: string, lines = 30): string {
  const all = plain(text).trimEnd().split('\n');
  const kept = all.length > lines ? [...all.slice(0, lines), `… ${all.length - lines} more lines`] : all;
  const longest = Math.max(2, ...(kept.join('\n').match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...kept, fence].join('\n');
}

/** A command as code, where nothing in it could end that or open a tag; else as text. */
export function code(command: string): string {
  return /[`<|]/.test(command) ? escaped(command, 4000) : `\`${command}\``;
}
