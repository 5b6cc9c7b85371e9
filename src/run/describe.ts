import { ProcessOutput } from 'zx';

/** As much of an output as is worth reading in a report; the transcript has it all. */
const detailLength = 2_000;

interface Description {
  readonly message: string;
  readonly detail?: string;
  /** What kind of failure it is, where the scenario could tell: an error's `class`. */
  readonly class?: string;
}

/** What an exception says, on one line, and what more of it is worth reading. */
export function describe(error: unknown): Description {
  if (error instanceof SuppressedError) {
    // What went wrong while cleaning up comes after what led there.
    return describe(error.suppressed);
  }
  if (error instanceof ProcessOutput) {
    const said = (error.stderr.trim() || error.stdout.trim()).slice(-detailLength);
    const last = said.split('\n').at(-1) ?? '';
    const ended = `a command ended with ${error.exitCode ?? error.signal}`;
    return { message: last ? `${last} (${ended})` : ended, ...(said && { detail: said }) };
  }
  if (!(error instanceof Error)) {
    return { message: String(error) };
  }
  const [message = '', ...rest] = error.message.split('\n');
  const detail = rest.join('\n').trim().slice(0, detailLength);
  const kind = 'class' in error && isKind(error.class) ? { class: error.class } : {};
  return { message: message.slice(0, detailLength), ...kind, ...(detail && { detail }) };
}

/** A word that stands in tables: whatever else a machine printed is none. */
function isKind(kind: unknown): kind is string {
  return typeof kind === 'string' && /^[\w-]{1,40}$/.test(kind);
}

export const nameOf = (error: unknown) => (error instanceof Error ? error.name : '');
