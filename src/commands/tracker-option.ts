import { type Command, Option } from 'commander';
import { UserError } from '../errors.ts';
import { githubIssues } from '../tracker/github.ts';
import type { Tracker } from '../tracker/issue.ts';
import type { Context } from './context.ts';

/** Where issues are, and whether anything is done about them. */
export interface TrackerChoice {
  /** `OWNER/NAME`. */
  readonly repo?: string;
  readonly label: string;
  readonly write?: true;
}

/** Adds `--repo`, `--label`, `--write`: read them as {@link TrackerChoice}. */
export function addTracker(command: Command): Command {
  return command
    .addOption(new Option('--repo <owner/name>', 'whose issues ($GITHUB_REPOSITORY)').argParser(repository))
    .option('--label <label>', 'that tells these issues from all others', 'katafarm')
    .option('--write', 'do it, as $GITHUB_TOKEN; else only say what would be done');
}

/** The tracker that was chosen; undefined where none was, and nothing is to be written. */
export function trackerOf(context: Context, { repo, label, write }: TrackerChoice): Tracker | undefined {
  const { GITHUB_REPOSITORY: here, GITHUB_TOKEN: token, GITHUB_API_URL: api } = context.env;
  const name = repo ?? (here ? repository(here) : undefined);
  if (write && !name) {
    throw new UserError(
      'cannot write issues without a repository: say --repo OWNER/NAME, or set GITHUB_REPOSITORY',
    );
  }
  if (write && !token) {
    throw new UserError(
      `cannot write issues of ${name} as nobody: set GITHUB_TOKEN to a token that may write them; without --write nothing is done`,
    );
  }
  const { signal } = context;
  const options = { api: api || 'https://api.github.com', token, signal, now: () => context.now().getTime() };
  return name === undefined ? undefined : githubIssues(name, label, { ...options, ...waitsIn(context.env) });
}

/** For tests, and for servers of one's own that ask for no patience. */
function waitsIn({
  KATAFARM_TRACKER_PAUSE: text,
}: Context['env']): Pick<Parameters<typeof githubIssues>[2], 'waits'> {
  const pause = Number(text);
  return text && Number.isFinite(pause)
    ? { waits: { betweenWrites: pause, again: pause, most: 120_000 } }
    : {};
}

function repository(text: string): string {
  if (!/^[\w.-]+\/[\w.-]+$/.test(text)) {
    throw new UserError(`cannot read --repo "${text}": say OWNER/NAME`);
  }
  return text;
}
