/** A heading of the discovering script's, and what stood below it. */
export interface Section {
  readonly words: readonly string[];
  readonly text: string;
}

/** Parts what the discovering script printed; whatever is neither a heading nor below one is left out. */
export function sectionsOf(output: string): readonly Section[] {
  const sections: { words: readonly string[]; lines: string[] }[] = [];
  for (const line of output.split('\n')) {
    if (line.startsWith('@ ')) {
      sections.push({ words: line.slice(2).split(' '), lines: [] });
    } else if (line.startsWith('|')) {
      sections.at(-1)?.lines.push(line.slice(1));
    }
  }
  return sections.map(({ words, lines }) => ({ words, text: lines.map((line) => `${line}\n`).join('') }));
}
