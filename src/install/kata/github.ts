import { z } from 'zod';
import { ask, persistently } from '../../download/ask.ts';
import { UserError } from '../../errors.ts';
import { github, type KataOptions } from './options.ts';

const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .nullish()
  .catch(undefined);

/** GET /repos/{owner}/{repo}/releases/tags/{tag}, as far as it is read. */
export const releaseShape = z.object({
  assets: z.array(z.object({ name: z.string(), browser_download_url: z.url(), digest })),
});
export type Release = z.infer<typeof releaseShape>;

/** GET /repos/{owner}/{repo}/pulls/{number}. */
export const pullRequestShape = z.object({ head: z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) }) });

/** GET /repos/{owner}/{repo}/actions/artifacts?name={name}. */
export const artifactsShape = z.object({
  artifacts: z.array(
    z.object({
      name: z.string(),
      archive_download_url: z.url(),
      expired: z.boolean(),
      created_at: z.string().nullish(),
      digest,
      workflow_run: z.object({ id: z.number() }).nullish(),
    }),
  ),
});
export type Artifact = z.infer<typeof artifactsShape>['artifacts'][number];

/** GET /repos/{owner}/{repo}/actions/runs/{id}. */
export const runShape = z.object({ event: z.string(), path: z.string() });

/** As GitHub wants to be asked; with a token, where there is one. */
export function apiHeaders({ token }: Pick<KataOptions, 'token'>): Readonly<Record<string, string>> {
  return {
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    ...(token && { authorization: `Bearer ${token}` }),
  };
}

/** Asks the API of GitHub; undefined where it has no such thing. */
export async function askApi<T>(
  path: string,
  shape: z.ZodType<T>,
  options: Pick<KataOptions, 'token' | 'servers'>,
  signal: AbortSignal,
): Promise<T | undefined> {
  const { servers = github } = options;
  const url = `${servers.api}${path}`;
  const answer = await persistently(`the answer of ${new URL(url).host}`, servers, signal, async () => {
    const { response, done } = await ask(url, apiHeaders(options), servers, signal);
    try {
      if (response.status === 404) {
        await response.body?.cancel();
        return undefined;
      }
      return (await response.json()) as unknown;
    } finally {
      done();
    }
  });
  if (answer === undefined) {
    return undefined;
  }

  const read = shape.safeParse(answer);
  if (!read.success) {
    throw new UserError(
      `cannot read what ${url} answered: ${z.prettifyError(read.error).split('\n')[0]}; is it a proxy that answers? Give the archives: --kata file:PATH`,
      { exitCode: 3 },
    );
  }
  return read.data;
}
