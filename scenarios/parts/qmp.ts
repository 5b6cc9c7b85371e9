/** What QMP returned to a command that was sent with its own name as id; undefined where it did not. */
export function replyTo(command: string, replies: string): Readonly<Record<string, unknown>> | undefined {
  for (const line of replies.split('\n')) {
    const reply = line.trim().startsWith('{') ? parse(line) : undefined;
    if (reply?.['id'] === command) {
      return reply['return'] as Readonly<Record<string, unknown>> | undefined;
    }
  }
  return undefined;
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
