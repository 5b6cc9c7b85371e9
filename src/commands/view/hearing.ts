import type { CellId } from '../../domain/cell.ts';
import type { BatchId } from '../../domain/plan.ts';

type Subject = CellId | BatchId;

/** As much of a subject's output as is kept for its last line: characters. */
const most = 2000;

/** The end of what each cell printed, without a thought for what it means until somebody asks. */
export class Hearing {
  readonly #tails = new Map<Subject, string>();

  hear(subject: Subject, text: string): void {
    const tail = text.length >= most ? text : `${this.#tails.get(subject) ?? ''}${text}`;
    this.#tails.set(subject, tail.slice(-most));
  }

  /** The last line that is not blank, as the guest printed it: hostile. */
  lastOf(subject: Subject): string | undefined {
    return this.#tails
      .get(subject)
      ?.split(/[\r\n]+/)
      .findLast((line) => line.trim() !== '');
  }

  forget(subject: Subject): void {
    this.#tails.delete(subject);
  }
}

/** What cells print, as whole lines: chunks of several at once would be torn. */
export class WholeLines {
  readonly #say: (subject: Subject, line: string) => void;
  readonly #open = new Map<Subject, string>();

  constructor(say: (subject: Subject, line: string) => void) {
    this.#say = say;
  }

  hear(subject: Subject, text: string): void {
    const lines = `${this.#open.get(subject) ?? ''}${text}`.split(/\r\n|[\r\n]/);
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#say(subject, line);
    }
    // A line without end must not grow without end.
    if (rest.length > most) {
      this.#say(subject, rest);
    }
    this.#open.set(subject, rest.length > most ? '' : rest);
  }

  /** Says what was left without an end. */
  end(subject: Subject): void {
    const rest = this.#open.get(subject);
    this.#open.delete(subject);
    if (rest) {
      this.#say(subject, rest);
    }
  }
}
