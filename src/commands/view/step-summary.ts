import { appendFile, stat } from 'node:fs/promises';

/** What GitHub takes of one step, in bytes; of a longer one it takes nothing. */
const limit = 1024 * 1024;

/**
 * Appends Markdown to the step's summary, where there is one: `$GITHUB_STEP_SUMMARY`. Cut to what GitHub takes, with a
 * note. Returns why it could not be written, if it could not.
 */
export async function addToStepSummary(
  env: Readonly<Record<string, string | undefined>>,
  markdown: string,
  whole: string,
): Promise<string | undefined> {
  const path = env['GITHUB_STEP_SUMMARY'];
  if (!path) {
    return undefined;
  }
  const before = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  try {
    await appendFile(path, cutMarkdown(markdown, limit - before, whole));
    return undefined;
  } catch (error) {
    return `cannot add to the step's summary ${path}: ${(error as Error).message}`;
  }
}

/** As many whole lines as go into so many bytes, an open block of code closed, and a note where the rest is. */
export function cutMarkdown(markdown: string, bytes: number, whole: string): string {
  if (Buffer.byteLength(markdown) <= bytes) {
    return markdown;
  }
  const note = `\n\n**Cut here, as GitHub takes 1 MiB a step:** all of it is in \`${whole.replaceAll('`', '')}\`.\n`;
  let room = bytes - Buffer.byteLength(note);
  let fence = '';
  const kept: string[] = [];
  for (const line of markdown.split('\n')) {
    const [mark = ''] = /^`{3,}/.exec(line) ?? [];
    const next = fence === '' ? mark : fence;
    room -= Buffer.byteLength(line) + 1;
    if (room < next.length + 1) {
      break;
    }
    kept.push(line);
    // A block ends by as many ticks as it began with, alone on a line.
    fence = fence !== '' && line === fence ? '' : next;
  }
  const text = [...kept, ...(fence === '' ? [] : [fence])].join('\n');
  return bytes > Buffer.byteLength(note) ? `${text}${note}` : '';
}
