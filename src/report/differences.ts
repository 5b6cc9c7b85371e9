import type { Change } from '../domain/changes.ts';
import type { Differences } from '../domain/difference.ts';
import { plain } from '../domain/text.ts';
import { changeSections } from './change-words.ts';
import { penOf } from './console-pen.ts';
import { type Sides, sectionsOf } from './difference-sections.ts';
import { foldedOf, verdictOn } from './difference-summary.ts';
import { escaped, table } from './markdown-text.ts';
import type { Artifact } from './report.ts';

/** What else is told beside the differences. */
export interface Beside {
  /** Missing: nobody asked; empty: nothing changed. */
  readonly changes?: readonly Change[];
  /** Said under the title, a line each. */
  readonly notes?: readonly string[];
}

/** The differences between two sides, for a console; what is the same on both is folded away. */
export function differencesText(
  differences: Differences,
  sides: Sides,
  { changes, notes = [] }: Beside = {},
  { color = false, columns = 0 }: { readonly color?: boolean; readonly columns?: number } = {},
): string {
  const { paint, cut } = penOf(color, columns);
  const head = [
    paint('bold', cut(sides.title)),
    cut(`base: ${sides.base}`),
    cut(`run: ${sides.run}`),
    ...notes.map((note) => cut(note)),
  ];
  const told = sectionsOf(differences, sides).map(({ title, color: hue, items }) =>
    [
      paint(hue, title),
      ...items.flatMap(({ name, said, pointers }) => [
        `  ${cut(name)}`,
        ...said.map((line) => `    ${cut(line)}`),
        ...pointers.map((line) => `    ${inLine(line)}`),
      ]),
    ].join('\n'),
  );
  const changed = (changes ? changeSections(changes) : []).map(({ title, lines }) =>
    [paint('bold', title), ...lines.map((line) => `  ${cut(line)}`)].join('\n'),
  );
  const nothing = changes?.length === 0 ? ['Nothing that the journals tell changed beside that'] : [];
  const folded = foldedOf(differences);
  const end = [...(folded ? [folded] : []), verdictOn(differences)].join('\n');
  return `${[head.join('\n'), ...told, ...changed, ...nothing, end].join('\n\n')}\n`;
}

/** Blanks stay as they are, so that what stands under one another does. */
const inLine = (text: string) => plain(text).replaceAll(/[\n\t]/g, ' ');

/** The same as a page. */
export function differencesPage(
  differences: Differences,
  sides: Sides,
  { changes, notes = [] }: Beside = {},
): readonly Artifact[] {
  const told = sectionsOf(differences, sides).map(({ title, items }) =>
    [
      `## ${escaped(title)}`,
      table(
        ['cell', 'said', 'where'],
        items.map(({ name, said, pointers }) => [
          escaped(name),
          said.map((line) => escaped(line)).join('<br>') || '–',
          pointers.map((line) => escaped(line, 4000)).join('<br>') || '–',
        ]),
      ),
    ].join('\n\n'),
  );
  const changed = (changes ? changeSections(changes) : []).map(({ title, lines }) =>
    [`## ${escaped(title)}`, lines.map((line) => `- ${escaped(line)}`).join('\n')].join('\n\n'),
  );
  const folded = foldedOf(differences);
  const text = [
    `# ${escaped(sides.title)}`,
    `**${escaped(verdictOn(differences))}.**${folded ? ` ${escaped(folded)}.` : ''}`,
    `Base: ${escaped(sides.base)}. Run: ${escaped(sides.run)}.`,
    ...notes.map((note) => escaped(note)),
    ...told,
    ...changed,
  ].join('\n\n');
  return [{ path: 'differences.md', text: `${text}\n` }];
}
