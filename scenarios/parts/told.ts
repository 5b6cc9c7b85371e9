import { AssertionError } from 'node:assert/strict';
import { FarmError } from './farm-error.ts';

/** What is left of zx's ProcessOutput here. */
interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** The status by which machine.sh's `farm_error` ends a script: sysexits' EX_SOFTWARE. */
const farmsTrouble = 70;

/**
 * What a script in the machine printed, trimmed. Where the script ended by machine.sh's `fail MESSAGE...`, that
 * message is what is thrown, and not the command line; `farm_error` becomes a `FarmError`.
 */
export async function told(script: PromiseLike<Output>): Promise<string> {
  try {
    const { stdout } = await script;
    return stdout.trim();
  } catch (error) {
    throw isOutput(error) && !isCut(error) ? asVerdict(error) : error;
  }
}

/** The way to the machine broke: 255 is the transport's own, and a killed client has no status. */
const isCut = ({ exitCode }: Output) => exitCode === 255 || exitCode === null;

/** The class that `fail_as` named. */
const classIn = (stderr: string) => /^katafarm-class: ([\w-]+)$/m.exec(stderr)?.[1];

/** The lines that `fail` and `farm_error` wrote. */
export function messageIn(stderr: string): string | undefined {
  const lines = stderr.split('\n').filter((line) => line.startsWith('katafarm: '));
  return lines.length > 0
    ? lines.map((line) => line.slice('katafarm: '.length).trimEnd()).join('\n')
    : undefined;
}

function asVerdict(output: Output): unknown {
  const message = messageIn(output.stderr);
  if (!message) {
    return output;
  }
  if (output.exitCode === farmsTrouble) {
    return new FarmError(message, { cause: output });
  }

  const failure = new AssertionError({ message });
  failure.cause = output;
  const kind = classIn(output.stderr);
  return kind === undefined ? failure : Object.assign(failure, { class: kind });
}

function isOutput(error: unknown): error is Output {
  return typeof error === 'object' && error !== null && 'stderr' in error && 'exitCode' in error;
}
