/** So many characters of one text are shown, and the rest is counted. */
const limit = 4000;

/** Controls but newline and tab, direction overrides and other marks that nobody sees, lone surrogates. */
const hidden = /[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;

/**
 * Any text as a reader may meet it: what a terminal or a browser would obey stands there as a sign of itself (`␛[31m`,
 * `⟨U+202E⟩`), so that nobody is misled and nothing is hidden. What is too long is cut, and says so.
 */
export function visible(text: string, most = limit): string {
  if (text.length <= most) {
    return text.replaceAll(hidden, signOf);
  }
  const kept = [...text.slice(0, most * 2)].slice(0, most).join('');
  return `${kept.replaceAll(hidden, signOf)} … (cut: ${text.length.toLocaleString('en')} characters)`;
}

function signOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) {
    return String.fromCodePoint(0x2400 + code);
  }
  return code === 0x7f ? '␡' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
