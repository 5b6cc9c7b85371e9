import { type Command, Option } from 'commander';
import { UserError } from '../errors.ts';
import { githubIssues } from '../tracker/github.ts';
import { gitlabIssues } from '../tracker/gitlab.ts';
import type { Tracker } from '../tracker/issue.ts';
import type { Context } from './context.ts';

/** Where issues are, and whether anything is done about them. */
export interface TrackerChoice {
  readonly tracker?: keyof typeof hosts;
  /** `OWNER/NAME`; GitLab's groups have groups. */
  readonly repo?: string;
  readonly label: string;
  readonly write?: true;
}

/** By what the environment of a job tells where it is, https://docs.gitlab.com/ci/variables/predefined_variables/ */
const hosts = {
  github: {
    issues: githubIssues,
    env: { repo: 'GITHUB_REPOSITORY', token: 'GITHUB_TOKEN', api: 'GITHUB_API_URL' },
    api: 'https://api.github.com',
    repo: /^[\w.-]+\/[\w.-]+$/,
    say: 'OWNER/NAME',
  },
  gitlab: {
    issues: gitlabIssues,
    env: { repo: 'CI_PROJECT_PATH', token: 'GITLAB_TOKEN', api: 'CI_API_V4_URL' },
    api: 'https://gitlab.com/api/v4',
    repo: /^[\w.-]+(?:\/[\w.-]+)+$/,
    say: 'GROUP/NAME',
  },
} as const;

/** Adds `--tracker`, `--repo`, `--label`, `--write`: read them as {@link TrackerChoice}. */
export function addTracker(command: Command): Command {
  return command
    .addOption(
      new Option('--tracker <host>', 'whose API it is; in a job of GitLab gitlab, else github').choices(
        Object.keys(hosts),
      ),
    )
    .option('--repo <owner/name>', 'whose issues ($GITHUB_REPOSITORY, $CI_PROJECT_PATH)')
    .option('--label <label>', 'that tells these issues from all others', 'katafarm')
    .option('--write', 'do it, as $GITHUB_TOKEN or $GITLAB_TOKEN; else only say what would be done');
}

/** The tracker that was chosen; undefined where none was, and nothing is to be written. */
export function trackerOf(context: Context, choice: TrackerChoice): Tracker | undefined {
  const { env, signal } = context;
  const host = hosts[choice.tracker ?? (env['GITLAB_CI'] ? 'gitlab' : 'github')];
  const name = choice.repo ?? (env[host.env.repo] || undefined);
  if (name !== undefined && !host.repo.test(name)) {
    throw new UserError(`cannot read --repo "${name}": say ${host.say}`);
  }
  if (choice.write && !name) {
    throw new UserError(
      `cannot write issues without a repository: say --repo ${host.say}, or set ${host.env.repo}`,
    );
  }
  const token = env[host.env.token] || undefined;
  if (choice.write && !token) {
    throw new UserError(
      `cannot write issues of ${name} as nobody: set ${host.env.token} to a token that may write them; without --write nothing is done`,
    );
  }
  if (name === undefined) {
    return undefined;
  }
  const api = (env[host.env.api] || host.api).replace(/\/+$/, '');
  const options = { api, token, signal, now: () => context.now().getTime(), ...waitsIn(env) };
  return host.issues(name, choice.label, options);
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
