/** A terminal's sequences: CSI (`ESC [`, or U+009B alone), then OSC. Any control character but white ones stands for ESC. */
const sequences = /(?:[^\P{Cc}\s]\[|\u009b)[0-?]*[ -/]*[@-~]|[^\P{Cc}\s]\][^\p{Cc}]*(?:\p{Cc}\\?)?/gu;

/** What no reader should ever meet: other controls, direction overrides, lone surrogates, what XML forbids. */
const unprintable = /[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;

/** Text of a guest as it may be shown: no escape sequences, no control characters but newline and tab. */
export function plain(text: string): string {
  return text.replaceAll(sequences, '').replaceAll(/\r\n?/g, '\n').replaceAll(unprintable, '');
}

/** The same on one line, cut at `limit` characters. */
export function oneLine(text: string, limit = 240): string {
  const line = plain(text).replaceAll(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : line;
}

/** A text less its figures: times, process and sandbox ids and the like differ from one machine to the next, and say nothing. */
export function withoutFigures(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\b(?=[0-9a-f-]*\d)[0-9a-f][0-9a-f-]{7,}\b|\d+(?:\.\d+)*/g, '#')
    .replaceAll(/\s+/g, ' ');
}
