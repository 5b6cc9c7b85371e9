import { placeOf } from '../domain/cell.ts';
import { plain } from '../domain/text.ts';
import { alike, type Group } from './alike.ts';
import { colorOf, type Pen } from './console-pen.ts';
import { faultLine } from './fault-words.ts';
import { evidenceFolder, type TestedCell } from './tested.ts';
import { commandOf, katafarmOf, reasonOf, repeatOf, shellOf } from './words.ts';

const titles = {
  failed: 'Failed',
  errored: "Errored: the farm's own trouble, no verdict",
  missing: 'Missing: planned, and never run to the end',
  blocked: 'Blocked: a control they rest on failed',
} as const;

/**
 * The cells that came to a bad end of one kind: why, where to look, what to type. Empty without any. `command` is
 * what the run was started by.
 */
export function trouble(
  shown: keyof typeof titles,
  cells: readonly TestedCell[],
  { paint, cut, place, command }: Pen & { readonly place: string; readonly command: readonly string[] },
): string {
  if (cells.length === 0) {
    return '';
  }

  const blocks = alike(cells).map((group) => {
    const [tested] = group;
    const { cell, outcome } = tested;
    const names = namesOf(group).map((name) => `  ${cut(name)}`);
    const head = [...names, `    ${cut(reasonOf(tested) ?? '')}`].join('\n');
    if (outcome?.status === 'blocked') {
      return head;
    }
    const evidence = evidenceFolder(tested);
    const finding = tested.result?.finding;
    const explain = katafarmOf(['explain', cell.id, '--run', place]);
    return [
      head,
      ...(finding ? [`    fault     ${cut(faultLine(finding))}`, `    why       ${explain}`] : []),
      ...firstLines(outcome).map((line) => paint('dim', `      ${cut(line)}`)),
      ...(evidence ? [`    evidence  ${place}/${evidence}`] : []),
      ...(tested.result?.facts['kept'] ? [`    go in     ${shellOf(place, cell.id)}`] : []),
      `    again     ${group.length > 1 ? commandOf(command) : repeatOf(cell, command)}`,
    ].join('\n');
  });
  return [paint(colorOf[shown], titles[shown]), ...blocks].join('\n');
}

/** One cell by its id, several by a line for each stack. */
function namesOf(group: Group): readonly string[] {
  if (group.length === 1) {
    return [group[0].cell.id];
  }
  const stacks = Map.groupBy(group, ({ cell }) => placeOf(cell));
  return [...stacks].map(([stack, same]) => `${stack}: ${same.map(({ cell }) => cell.scenario).join(', ')}`);
}

function firstLines(outcome: TestedCell['outcome']): readonly string[] {
  const detail = outcome?.status === 'failed' || outcome?.status === 'errored' ? outcome.detail : undefined;
  const lines = plain(detail ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.length > 5 ? [...lines.slice(0, 5), `… ${lines.length - 5} more lines`] : lines;
}
