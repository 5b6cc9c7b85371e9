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

/** The commands, by their ids, that were answered by an error, and what QEMU says of it. */
export function refusalsIn(replies: string): readonly string[] {
  return replies
    .split('\n')
    .map((line) => (line.trim().startsWith('{') ? parse(line) : undefined))
    .flatMap((reply) => {
      const error = reply?.['error'] as { readonly desc?: unknown } | undefined;
      return error ? [`${reply?.['id'] ?? 'a command'}: ${error.desc ?? 'no reason is given'}`] : [];
    });
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
