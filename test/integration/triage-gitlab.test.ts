import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publish } from '../../src/publish/publish.ts';
import { markerIn } from '../../src/tracker/marker.ts';
import { katafarm } from '../support/context.ts';
import { runIn } from '../support/farm.ts';
import { type GitlabServer, gitlabServer, token } from '../support/gitlab-issues.ts';
import { entriesLike, passed } from '../unit/domain/run-like.ts';

const boot = 'debian-12/host/host.boot';
const kvm = 'debian-12/host/host.kvm';
const cpu = 'debian-12/host/host.cpu';
const red = [{ status: 'failed', step: 'boot', message: 'no token' }] as const;

let [folder, server] = ['', undefined as unknown as GitlabServer];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'triage-gitlab-'));
  await mkdir(join(folder, 'published'));
  server = await gitlabServer();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** A night, published after its triage, as jobs have it. */
async function night(day: number, cells: Parameters<typeof entriesLike>[0]['cells'], ...words: string[]) {
  const run = `202611${day}-020000-aaaa`;
  await mkdir(join(folder, 'runs', run), { recursive: true });
  const entries = entriesLike({ id: run, on: `2026-11-${day}`, cells });
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  await writeFile(join(folder, 'runs', run, 'journal.jsonl'), text);
  const said = await katafarm(
    ['triage', run, '--published', join(folder, 'published'), ...(words.length > 0 ? words : ['--write'])],
    { env: { ...job(), KATAFARM_OUT: join(folder, 'runs') } },
  );
  const one = await runIn(join(folder, 'runs', run));
  await publish([one], { folder: join(folder, 'published'), pages: () => [], today: `2026-11-${day}` });
  return said;
}

/** What a job of GitLab's knows of itself. */
const job = () => ({
  GITLAB_CI: 'true',
  CI_API_V4_URL: server.url,
  CI_PROJECT_PATH: 'farms/kata/farm',
  GITLAB_TOKEN: token,
  KATAFARM_TRACKER_PAUSE: '1',
});

describe('issues of GitLab', () => {
  it('are opened, kept, closed when green and opened again when red', async () => {
    await night(18, { [boot]: passed });
    expect(await night(19, { [boot]: red })).toMatchObject({ code: 0, err: '' });
    expect(server.issues).toMatchObject([
      { title: `regression: ${boot}`, state: 'opened', labels: ['katafarm'] },
    ]);
    expect(markerIn(server.issues[0]?.description ?? '')).toEqual({ key: boot, cells: [boot] });

    await night(20, { [boot]: red });
    expect(server.issues).toHaveLength(1);
    await night(21, { [boot]: passed });
    expect(server.issues).toMatchObject([{ state: 'closed' }]);
    await night(23, { [boot]: red });

    expect(server.issues).toMatchObject([{ state: 'opened' }]);
    expect(server.notes.map(({ body }) => body.split(' in ')[0])).toEqual(['Green again', 'Red again']);
  });

  it('stay closed where a label says that nothing will be done', async () => {
    await night(18, { [boot]: passed });
    await night(19, { [boot]: red });
    const [issue] = server.issues;
    Object.assign(issue ?? {}, { state: 'closed', closed_at: '2026-11-19T05:00:00Z' });
    issue?.labels.push('wontfix');
    await night(20, { [boot]: red });

    expect(server.issues).toMatchObject([{ state: 'closed' }]);
  });

  it('have no line that GitLab would take for a command', async () => {
    const message = 'no\n/close\n/assign @everybody';
    await night(18, { [boot]: passed });
    await night(19, { [boot]: [{ status: 'failed', step: 'boot', message, detail: '/label ~x\n/close' }] });

    const { description = '' } = server.issues[0] ?? {};
    expect(description).toContain('no');
    expect(description).not.toMatch(/^\//m);
  });

  it('are found on whichever page of many', async () => {
    await night(18, { [boot]: passed, [kvm]: passed, [cpu]: passed });
    await night(19, { [boot]: red, [kvm]: red, [cpu]: red });
    expect(server.issues).toHaveLength(3);
    await night(20, { [boot]: red, [kvm]: red, [cpu]: red });

    expect(server.issues).toHaveLength(3);
    expect(server.asked.filter((one) => /[?&]page=2/.test(one)).length).toBeGreaterThan(0);
  });

  it('are only said unless it is asked for', async () => {
    await night(18, { [boot]: passed });
    const { out } = await night(19, { [boot]: red }, '--json');

    expect(JSON.parse(out)).toMatchObject({ write: false, actions: [{ do: 'open' }] });
    expect(server.issues).toEqual([]);
  });

  it('are not made by who may not label them, which is said', async () => {
    server.mayLabel = false;
    await night(18, { [boot]: passed });

    expect(await night(19, { [boot]: red })).toMatchObject({
      code: 3,
      err: expect.stringMatching(
        /GitLab made http.*issues\/1 without the label katafarm; GITLAB_TOKEN has to/,
      ),
    });
  });
});

describe('a call of GitLab', () => {
  const alarm = (env: Readonly<Record<string, string>>, ...words: readonly string[]) =>
    katafarm(['alarm', '--published', join(folder, 'published'), '--write', ...words], {
      env: { ...job(), ...env },
    });

  it('opens the alarm', async () => {
    expect(await alarm({})).toMatchObject({ code: 3, out: expect.stringContaining('opened http') });
    expect(server.issues).toMatchObject([{ title: 'the nightly brings no data' }]);
  });

  it.each([
    ['a wrong token', { GITLAB_TOKEN: 'x' }, [], 3, 'GitLab says 401, 401 Unauthorized; GITLAB_TOKEN has to'],
    ['no token', { GITLAB_TOKEN: '' }, [], 2, 'as nobody: set GITLAB_TOKEN'],
    [
      'a project that is not there',
      {},
      ['--repo', 'farms/x'],
      3,
      'GitLab says 404, 404 Not Found; look at --repo',
    ],
    ['a name that is none', {}, ['--repo', 'farm'], 2, 'cannot read --repo "farm": say GROUP/NAME'],
    ['another host', {}, ['--tracker', 'github', '--repo', 'a/b'], 2, 'set GITHUB_TOKEN'],
  ])('with %s says what to do', async (_, env, words, code, message) => {
    expect(await alarm(env, ...words)).toMatchObject({ code, err: expect.stringContaining(message) });
  });
});
