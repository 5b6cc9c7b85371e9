import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KataSource, KataTrust } from '../../domain/kata.ts';
import { download } from '../../download/download.ts';
import { UserError } from '../../errors.ts';
import type { Tell } from '../../machine/machine.ts';
import { fromArchives } from './from-files.ts';
import { type Artifact, apiHeaders, artifactsShape, askApi, pullRequestShape, runShape } from './github.ts';
import { holdLock } from './host-lock.ts';
import { downloadsOf, lockOf } from './kata-cache.ts';
import { findKata, type KataKey, pointTo } from './kata-keys.ts';
import { github, type KataOptions, repository } from './options.ts';
import { refuseUnlessTrusted, verify, weakest } from './verify.ts';
import { unzipArchive } from './zip.ts';

/** What a pull request's build leaves for amd64 (.github/workflows/build-kata-static-tarball-amd64.yaml). */
const kinds = ['kata-static', 'kata-go-static', 'kata-tools-static'] as const;

/** What builds a pull request: it runs the workflow of the branch that the request is for, not the request's own. */
const builder = { event: 'pull_request_target', path: '.github/workflows/ci-on-push.yaml' };

/** A Kata as the newest commit of a pull request was built by Kata's own CI. */
export async function fromPullRequest(
  number: number,
  source: KataSource,
  options: KataOptions,
  tell: Tell,
  signal: AbortSignal,
): Promise<KataKey> {
  const latest = `pull request ${number}`;
  if (options.offline) {
    return (await findKata(options.cache, latest, options.now())) ?? refuseOffline(source);
  }
  const sha = await headOf(number, options, signal);
  const words = `pull request ${number} at ${sha}`;
  const known = await findKata(options.cache, words, options.now());
  const key = known ?? (await fetchBuild(number, sha, words, source, options, tell, signal));
  await pointTo(options.cache, words, key);
  await pointTo(options.cache, latest, key);
  return key;
}

async function headOf(number: number, options: KataOptions, signal: AbortSignal): Promise<string> {
  if (!options.token) {
    throw new UserError(
      `cannot have the build of pull request ${number} without a token: GitHub gives what its workflows made only to who is logged in; set GITHUB_TOKEN (it needs no rights)`,
    );
  }
  const path = `/repos/${repository}/pulls/${number}`;
  const request = await askApi(path, pullRequestShape, options, signal);
  if (!request) {
    throw new UserError(`cannot find pull request ${number} of ${repository}: look at its number again`);
  }
  return request.head.sha;
}

async function fetchBuild(
  number: number,
  sha: string,
  words: string,
  source: KataSource,
  options: KataOptions,
  tell: Tell,
  signal: AbortSignal,
): Promise<KataKey> {
  await using _ = await holdLock(await lockOf(options.cache, words), tell, signal);
  const folder = downloadsOf(options.cache, words);
  const had: { path: string; trust: KataTrust }[] = [];
  for (const kind of kinds) {
    const name = `${kind}-tarball-amd64-${number}-${sha}`;
    const artifact = await artifactOf(name, kind === 'kata-static', options, signal);
    if (artifact) {
      had.push(await fetchArchive(artifact, folder, options, tell, signal));
    }
  }
  const told = { source, title: source, trust: weakest(had.map(({ trust }) => trust)) };
  const paths = had.map(({ path }) => path);
  const key = await fromArchives(paths, told, options, tell, signal);
  await rm(folder, { recursive: true, force: true });
  return key;
}

/** The newest of a name that is still there and was made by Kata's own workflow; anybody's workflow may use that name. */
async function artifactOf(
  name: string,
  isNeeded: boolean,
  options: KataOptions,
  signal: AbortSignal,
): Promise<Artifact | undefined> {
  const path = `/repos/${repository}/actions/artifacts?per_page=100&name=${encodeURIComponent(name)}`;
  const found = (await askApi(path, artifactsShape, options, signal))?.artifacts ?? [];
  const named = found.filter((artifact) => artifact.name === name);
  const newest = named
    .filter(({ expired }) => !expired)
    .sort((a, b) => (b.created_at ?? '').localeCompare(a.created_at ?? ''));
  for (const artifact of newest) {
    if (await isOfBuilder(artifact, options, signal)) {
      return artifact;
    }
  }
  if (!isNeeded) {
    return undefined;
  }
  const reason =
    named.length > newest.length
      ? 'it has expired, as builds do after 15 days: have it built anew'
      : 'there is none of its newest commit: wait for its CI, which starts with the label ok-to-test';
  throw new UserError(`cannot have the build ${name}: ${reason}, or give an archive: --kata file:PATH`);
}

async function isOfBuilder(
  { workflow_run: run }: Artifact,
  options: KataOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const found =
    run && (await askApi(`/repos/${repository}/actions/runs/${run.id}`, runShape, options, signal));
  return found?.event === builder.event && found.path.split('@')[0] === builder.path;
}

async function fetchArchive(
  { name, archive_download_url: url, digest }: Artifact,
  folder: string,
  options: KataOptions,
  tell: Tell,
  signal: AbortSignal,
): Promise<{ readonly path: string; readonly trust: KataTrust }> {
  const { servers = github } = options;
  const zip = join(folder, `${name}.zip`);
  const expected = digest
    ? { sha256: digest.slice('sha256:'.length), trust: 'release-api' as const }
    : refuseUnlessTrusted(name, options);
  if (!(await download(url, zip, apiHeaders(options), servers, tell, signal))) {
    throw new UserError(
      `cannot have the build ${name}: it expired a moment ago; have it built anew, or give an archive: --kata file:PATH`,
    );
  }
  const trust = await verify(zip, `${name}.zip`, expected, tell, signal);
  const path = join(folder, name);
  await unzipArchive(zip, path, signal);
  await rm(zip, { force: true });
  return { path, trust };
}

function refuseOffline(source: KataSource): never {
  throw new UserError(
    `cannot have ${source} offline: it is not in the cache; leave --offline out once, or say --kata file:PATH`,
    { exitCode: 3 },
  );
}
