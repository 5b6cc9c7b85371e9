import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cell } from '../domain/cell.ts';
import type { Outcome } from '../domain/outcome.ts';
import { groupOf, needsKata } from '../domain/scenario.ts';
import { within } from '../machine/limits.ts';
import type { Machine } from '../machine/machine.ts';
import { posixQuote } from '../machine/quote.ts';
import { isLost } from './blame.ts';
import { facilitiesNow } from './experiment-change.ts';
import type { Farm } from './farm.ts';
import { controlId } from './look-at-limit.ts';
import type { Transcript } from './transcript.ts';

/** Of each of a machine's logs, the last of it. */
export const mostCollected = 4 * 2 ** 20;

/** A cell that has ended, and its machine. */
export interface Ended {
  readonly cell: Cell;
  readonly outcome: Outcome;
  /** Where its attempt's evidence is put. */
  readonly folder: string;
  readonly factor: number;
  /** Booted from power-on: all that it says is the cell's. */
  readonly cold: boolean;
  /** It was the second try: what it shows is what is looked into. */
  readonly confirms?: boolean;
  /** How long it has been awake, in milliseconds. */
  readonly awakeMs: number;
}

/** What was read of the facilities of the very machine that failed. */
export const facilitiesFile = 'facilities.txt';

/**
 * Puts beside the transcript what a machine says of itself: `journal.txt`, its system's log since it woke, and
 * `kernel.txt`. Of a red, and of the greens that reds are compared with; of a machine that took a boot to be had and that nothing
 * was done to, what its facilities say as well. Changes no verdict and never rejects.
 */
export async function collect(
  farm: Pick<Farm, 'diagnostics' | 'signal'>,
  machine: Machine,
  ended: Ended,
  transcript: Pick<Transcript, 'say'>,
): Promise<void> {
  const { cell, outcome, folder, factor } = ended;
  const { diagnostics } = farm;
  if (!diagnostics || !(isRed(outcome) || isBaseline(cell, outcome))) {
    return;
  }
  const what = `what ${machine.name} says of itself`;
  try {
    await within({ phase: 'diagnose', what, factor }, farm.signal, async (signal) => {
      if (mayBeLost(outcome) && (await isLost(machine, factor, signal))) {
        transcript.say(`the machine does not answer: ${what} is lost`);
        return;
      }
      const mark = `-- ${crypto.randomUUID()}`;
      const [journal = '', kernel = ''] = (await heardOf(machine, scriptOf(ended, mark), signal)).split(mark);
      for (const [name, text] of [['journal.txt', journal] as const, ['kernel.txt', kernel] as const]) {
        if (text.trim() !== '') {
          await writeFile(join(folder, name), `${text.trim()}\n`);
        }
      }
      if (isWorthReading(ended)) {
        const script = `sh -c ${posixQuote(facilitiesNow(diagnostics))}`;
        await writeFile(join(folder, facilitiesFile), await heardOf(machine, script, signal));
      }
    });
  } catch (error) {
    transcript.say(`cannot collect ${what}: ${(error as Error).message}`);
  }
}

function isRed({ status }: Outcome): boolean {
  return status === 'failed' || status === 'errored' || status === 'blocked';
}

/** What lines have to be absent from to count: the control's machine, and one on which Kata worked. */
export function isBaseline({ scenario }: Cell, { status }: Outcome): boolean {
  return status === 'passed' && (scenario === controlId || needsKata({ id: scenario }));
}

/** Another machine like it would take a boot, and scenarios of the host leave theirs as it was. */
function isWorthReading({ cell, outcome, cold, confirms }: Ended): boolean {
  return cold && confirms === true && outcome.status === 'failed' && groupOf(cell.scenario) === 'host';
}

function mayBeLost(outcome: Outcome): boolean {
  return outcome.status === 'errored' || (outcome.status === 'failed' && outcome.class === 'machine-panic');
}

/** The journal, else `/var/log/messages`; the mark; the kernel's log. A clone's since it woke, with a margin. */
function scriptOf({ cold, awakeMs }: Ended, mark: string): string {
  const seconds = Math.ceil(awakeMs / 1000) + 2;
  const span = cold ? '-b' : `--since=-${seconds}s`;
  const since = cold ? '0' : `$(awk '{ print $1 - ${seconds} }' /proc/uptime)`;
  return `if command -v journalctl >/dev/null; then
  journalctl --no-pager --quiet --output=short-iso-precise ${span} 2>&1
elif [ -r /var/log/messages ]; then
  cat /var/log/messages
fi | tail -c ${mostCollected}
echo; echo '${mark}'
dmesg 2>&1 | awk -v since="${since}" '
  /^\\[ *[0-9]+\\.[0-9]+\\]/ { time = substr($0, 2) + 0; told = time >= since }
  told' | tail -c ${mostCollected}`;
}

/** A command's output, no more of it than a machine may say. */
async function heardOf(machine: Machine, script: string, signal: AbortSignal): Promise<string> {
  const over = new AbortController();
  const child = machine.spawn(script, { signal: AbortSignal.any([signal, over.signal]) });
  const ended = Promise.withResolvers<void>();
  child.once('close', () => ended.resolve());
  child.once('error', ended.reject);
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > 3 * mostCollected) {
      over.abort(new Error('it says too much'));
    }
  });
  await ended.promise;
  signal.throwIfAborted();
  over.signal.throwIfAborted();
  return Buffer.concat(chunks).toString();
}
