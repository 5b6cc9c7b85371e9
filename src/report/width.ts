const segmenter = new Intl.Segmenter();

/** What takes no room of its own. */
const unseen = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;

/** What takes two columns, rather too much than too little: a line that is too long breaks the picture, a short one doesn't. */
const wide =
  /[\p{Emoji_Presentation}\p{Extended_Pictographic}\p{RI}\p{sc=Han}\p{sc=Hang}\p{sc=Hira}\p{sc=Kana}\p{sc=Bopo}\p{sc=Yiii}\p{sc=Tang}\p{sc=Nshu}\p{sc=Kits}\u3000-\u303e\u3200-\u33ff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/u;

/** No character of these is wide, or made of several. */
const ascii = /^[ -~]*$/;

/** How many columns of a terminal a text takes that has no control characters in it. */
export function columnsOf(text: string): number {
  if (ascii.test(text)) {
    return text.length;
  }
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) {
    columns += columnsOfOne(segment);
  }
  return columns;
}

/** The same text, or as much of it as has room; what was cut off is marked by an ellipsis. */
export function fitted(text: string, columns: number): string {
  if (columnsOf(text) <= columns) {
    return text;
  }
  let kept = '';
  let left = columns - 1;
  for (const { segment } of segmenter.segment(text)) {
    left -= columnsOfOne(segment);
    if (left < 0) {
      break;
    }
    kept += segment;
  }
  return columns > 0 ? `${kept}…` : '';
}

/** Exactly so many columns: cut, or filled up with spaces. */
export function padded(text: string, columns: number): string {
  const kept = fitted(text, columns);
  return kept + ' '.repeat(Math.max(0, columns - columnsOf(kept)));
}

function columnsOfOne(segment: string): number {
  // Each of a cluster's characters may be drawn by itself where the terminal knows no such cluster.
  return [...segment].reduce((sum, one) => sum + columnsOfCharacter(one), 0);
}

function columnsOfCharacter(one: string): number {
  if (unseen.test(one)) {
    return 0;
  }
  return wide.test(one) ? 2 : 1;
}
