import type { Change } from '../domain/changes.ts';
import { oneLine } from '../domain/text.ts';

const titles = {
  host: 'The host',
  manner: 'How the runs were made',
  kata: 'Kata',
  input: 'Releases and scenarios as they were read',
  machine: 'machines',
  package: 'packages',
} as const satisfies Readonly<Record<Change['of'], string>>;

/** So many are told one by one. */
const most = 40;

/** What changed between two runs, under a title for each kind and release. */
export function changeSections(
  changes: readonly Change[],
): readonly { readonly title: string; readonly lines: readonly string[] }[] {
  const groups = Map.groupBy(changes, ({ of, release }) =>
    release === undefined ? titles[of] : `${release}: ${titles[of]}`,
  );
  return [...groups].map(([title, same]) => {
    if (same[0]?.of === 'input') {
      return { title, lines: [`edited: ${same.map(({ name }) => name).join(' ')}`] };
    }
    const rest = same.length - most;
    const lines = same.slice(0, most).map(changeLine);
    return { title, lines: rest > 0 ? [...lines, `… ${rest} more`] : lines };
  });
}

/** So many suspects are named beside a cell. */
const named = 4;

/** What changed of all that a cell rests on, as lines that stand beside it: leads for whoever looks into it. */
export function suspectLines(changes: readonly Change[]): readonly string[] {
  const rest = changes.length - named;
  const lines = changes.slice(0, named).map((change) => `suspect   ${changeLine(change)}`);
  return rest > 0 ? [...lines, `suspect   … ${rest} more below`] : lines;
}

/** Of a line; names and versions are a guest's words. */
const mostCharacters = 1000;

/** `qemu-system-x86 1:7.2+dfsg-7 → 1:7.2+dfsg-8`. */
function changeLine({ name, was, is }: Change): string {
  if (name.startsWith('departure: ')) {
    return oneLine(is === undefined ? `no more ${name}` : `new ${name}`, mostCharacters);
  }
  const [before, now] = [was, is].map((value) => (value === undefined ? 'nothing' : shortDigest(value)));
  return oneLine(`${name} ${before} → ${now}`, mostCharacters);
}

function shortDigest(value: string): string {
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;
}
