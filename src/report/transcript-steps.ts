/** A step of a scenario, as a transcript tells of it. */
export interface TranscriptStep {
  /** Missing: what came before the first step. */
  readonly name?: string;
  /** Each as the machine was given it, with all its lines. */
  readonly commands: readonly string[];
}

/** A line of the farm's own: `[   2.0] text`. */
const own = /^\[ *\d+\.\d\] (.*)$/;

/** A further line of a command. */
const marked = /^ {9}> (.*)$/;

/** The steps of a transcript that have a command, in order. */
export function stepsOf(transcript: string): readonly TranscriptStep[] {
  const steps: { name?: string; commands: string[] }[] = [{ commands: [] }];
  const goesOn = /^ {9}> /m.test(transcript) ? byMark : byIndent();
  let isCommand = false;

  for (const line of transcript.split('\n')) {
    const said = own.exec(line)?.[1];
    const commands = steps.at(-1)?.commands ?? [];
    const more = isCommand && said === undefined ? goesOn(line) : undefined;
    if (more !== undefined) {
      commands.push(`${commands.pop()}\n${more}`);
      continue;
    }

    isCommand = said?.startsWith('$ ') ?? false;
    if (said?.startsWith('-- ')) {
      steps.push({ name: said.slice(3), commands: [] });
    } else if (said !== undefined && isCommand) {
      commands.push(said.slice(2));
      goesOn(said);
    }
  }
  return steps.filter(({ commands }) => commands.length > 0);
}

/** What the cell is about in a sentence: its first line says so. */
export function titleIn(transcript: string): string | undefined {
  return /^\[ *\d+\.\d\] \S+, attempt \d+: (.+)$/m.exec(transcript.slice(0, 2000))?.[1];
}

function byMark(line: string): string | undefined {
  return marked.exec(line)?.[1];
}

/**
 * Transcripts of old mark a command's first line alone: what is indented after it, or belongs to a here-document, is
 * taken for a part of it, as output is only seldom indented.
 */
function byIndent(): (line: string) => string | undefined {
  let until: string | undefined;
  return (line) => {
    if (line.startsWith('$ ')) {
      until = /<<-?'?(\w+)'?$/.exec(line)?.[1];
      return undefined;
    }
    const isPart = until !== undefined || /^\s+\S/.test(line);
    until = line === until ? undefined : until;
    return isPart ? line : undefined;
  };
}
