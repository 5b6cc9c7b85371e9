import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../src/domain/entry.ts';
import type { Finding } from '../../src/domain/finding.ts';
import { publish } from '../../src/publish/publish.ts';
import { markerIn } from '../../src/tracker/marker.ts';
import { katafarm } from '../support/context.ts';
import { runIn } from '../support/farm.ts';
import { type IssuesServer, issuesServer, token } from '../support/github-issues.ts';
import { answering } from '../support/github-server.ts';
import { entriesLike, failedTwice, passed } from '../unit/domain/run-like.ts';

const virtiofsd: Finding = {
  component: 'distro-virtiofsd',
  class: 'virtiofsd-died',
  confidence: 'table',
  because: ['it died'],
  evidence: [],
  versions: {},
};
const start = 'debian-12/qemu/vmm.virtiofsd.start';
const mount = 'debian-12/qemu/vmm.virtiofs.mount';
const boot = 'debian-12/host/host.boot';

let [folder, server] = ['', undefined as unknown as IssuesServer];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'triage-'));
  await mkdir(join(folder, 'published'));
  server = await issuesServer(2);
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Writes a night down, and what was published of the one before it. */
async function night(
  day: number,
  cells: Parameters<typeof entriesLike>[0]['cells'],
  rest: Omit<Parameters<typeof entriesLike>[0], 'cells'> & {
    readonly inputs?: Readonly<Record<string, string>>;
  } = {},
): Promise<string> {
  const run = `202611${day}-020000-aaaa`;
  const { inputs, ...story } = rest;
  const entries = entriesLike({ ...story, id: run, on: `2026-11-${day}`, cells }).map(
    (entry): Entry => (entry.type === 'run-started' && inputs ? { ...entry, inputs } : entry),
  );
  await mkdir(join(folder, 'runs', run), { recursive: true });
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  await writeFile(join(folder, 'runs', run, 'journal.jsonl'), text);
  return run;
}

async function triage(run: string, ...words: readonly string[]) {
  const env = {
    KATAFARM_OUT: join(folder, 'runs'),
    GITHUB_API_URL: server.url,
    GITHUB_TOKEN: token,
    GITHUB_REPOSITORY: 'o/farm',
    KATAFARM_TRACKER_PAUSE: '1',
  };
  return katafarm(['triage', run, '--published', join(folder, 'published'), ...words], { env });
}

/** Folds nights into what is published, without the pages that people read. */
async function published(...runs: readonly string[]): Promise<void> {
  const told = await Promise.all(runs.map((run) => runIn(join(folder, 'runs', run))));
  await publish(told, { folder: join(folder, 'published'), pages: () => [], today: '2026-11-22' });
}

describe('the issues of a night', () => {
  it('are said and not opened, unless it is asked for', async () => {
    const said = await triage(await night(20, { [boot]: failedTwice }));

    expect(said.out).toBe(`open: new, and failing: ${boot}: ${boot}\nnothing was done: --write does it\n`);
    expect(server.issues).toEqual([]);
  });

  it('are one for cells that are red for one cause, with the report of the first, and none the next night', async () => {
    await published(await night(19, { [start]: passed, [mount]: passed }));
    const cells = { [start]: failedTwice, [mount]: failedTwice };
    const findings = { [start]: virtiofsd, [mount]: virtiofsd };

    const first = await triage(await night(20, cells, { findings }), '--write');
    const second = await triage(await night(21, cells, { findings }), '--write');

    expect(first).toMatchObject({ code: 0, err: '' });
    expect(server.issues).toHaveLength(1);
    expect(server.issues[0]?.title).toBe('regression: virtiofsd-died (debian-12, distro-virtiofsd), 2 cells');
    expect(server.issues[0]?.body).toContain('## What fails');
    expect(markerIn(server.issues[0]?.body ?? '')).toEqual({
      key: 'debian-12/distro-virtiofsd/virtiofsd-died',
      cells: [start, mount],
    });
    expect(second.out).toBe('nothing is to be done\n');
  });

  it('are closed when all of their cells are green, and opened again where they are red again', async () => {
    await triage(await night(18, { [boot]: failedTwice }), '--write');

    const green = await triage(await night(19, { [boot]: passed }), '--write');
    expect(green.out).toContain(`closed ${server.issues[0]?.html_url}`);
    expect(server.issues[0]).toMatchObject({ state: 'closed', state_reason: 'completed' });

    await triage(await night(23, { [boot]: failedTwice }), '--write');
    expect(server.issues).toHaveLength(1);
    expect(server.issues[0]?.state).toBe('open');
    expect(server.comments.map(({ body }) => body.slice(0, 11))).toEqual(['Green again', 'Red again i']);
  });

  it.each(['not_planned', 'duplicate'])('stay closed where somebody closed them as %s', async (reason) => {
    await triage(await night(18, { [boot]: failedTwice }), '--write');
    Object.assign(server.issues[0] ?? {}, {
      state: 'closed',
      state_reason: reason,
      closed_at: '2026-11-19T00:00:00Z',
    });

    const said = await triage(await night(23, { [boot]: failedTwice }), '--write');

    expect(said.out).toContain('leave');
    expect(server.issues.map(({ state }) => state)).toEqual(['closed']);
  });

  it.each([
    [
      'flaky',
      {
        [boot]: [
          { status: 'failed', message: 'x' },
          { status: 'passed', flaky: true },
        ] as const,
      },
    ],
    ['errored', { [boot]: [{ status: 'errored', phase: 'boot', message: 'x' }] as const }],
    ['never run', { [boot]: undefined }],
  ])('are neither opened nor closed by a cell that is %s', async (_what, cells) => {
    const fresh = await triage(await night(18, cells), '--write');
    expect(fresh.out).toBe('nothing is to be done\n');

    await triage(await night(19, { [boot]: failedTwice }), '--write');
    await triage(await night(20, cells), '--write');
    expect(server.issues.map(({ state }) => state)).toEqual(['open']);
  });

  it('stay open where their scenario is no more, which is said once', async () => {
    await triage(await night(18, { [boot]: failedTwice }), '--write');
    const without = { inputs: { 'host.kvm': 'there' } };

    await triage(await night(19, { 'debian-12/host/host.kvm': passed }, without), '--write');
    await triage(await night(20, { 'debian-12/host/host.kvm': passed }, without), '--write');

    expect(server.issues.map(({ state }) => state)).toEqual(['open']);
    expect(server.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^No longer tested: `debian-12/),
    ]);
  });

  it('are at most so many, and what is more has one together, which is kept', async () => {
    const cells = Object.fromEntries([1, 2, 3, 4].map((n) => [`debian-12/host/host.red-${n}`, failedTwice]));

    await triage(await night(18, cells), '--write', '--most', '2');
    await triage(await night(19, cells), '--write', '--most', '2');

    expect(server.issues.map(({ title }) => title)).toEqual([
      'new, and failing: debian-12/host/host.red-1',
      'new, and failing: debian-12/host/host.red-2',
      'new, and failing: 2 cells of many causes in one night',
    ]);
  });

  it('leave alone whatever has not our mark, and what people wrote around it', async () => {
    const theirs = server.add({ title: 'by hand', body: `${boot} is red` });
    await triage(await night(18, { [boot]: failedTwice }), '--write');
    const ours = server.issues[1];
    const quoting = server.add({ title: 'a pull request', pull_request: {}, body: ours?.body ?? '' });
    Object.assign(ours ?? {}, { body: `Anna looks into it.\n\n${ours?.body}\n\nThanks!` });

    await triage(await night(19, { [boot]: failedTwice, [start]: failedTwice }), '--write');
    await triage(await night(20, { [boot]: passed, [start]: failedTwice }), '--write');

    expect(quoting.state).toBe('open');
    expect(theirs).toMatchObject({ title: 'by hand', body: `${boot} is red`, state: 'open' });
    expect(ours).toMatchObject({
      state: 'closed',
      body: expect.stringMatching(/^Anna looks[\s\S]*Thanks!$/),
    });
  });

  it('are found on whichever page of many', async () => {
    await triage(await night(18, { [boot]: failedTwice }), '--write');
    for (let index = 0; index < 7; index += 1) {
      server.add({ title: `another ${index}` });
    }

    await triage(await night(19, { [boot]: failedTwice }), '--write');

    expect(server.issues.filter(({ title }) => title.includes('host.boot'))).toHaveLength(1);
    expect(server.asked.filter((one) => one.includes('page=4'))).not.toEqual([]);
  });
});

describe('GitHub', () => {
  it('is asked again where its servers fail, and waited for where it says how long', async () => {
    const run = await night(18, { [boot]: failedTwice });
    server.faults.push(answering(/issues\?/, 502), answering(/issues\?/, 403, { 'retry-after': '0' }));

    expect(await triage(run, '--write')).toMatchObject({ code: 0 });
    expect(server.issues).toHaveLength(1);
  });

  it('is left alone for as long as it asks: what is left is for the next night', async () => {
    const reset = String(Date.parse('2026-01-02T05:00:00Z') / 1000);
    server.faults.push(
      answering(/issues\?/, 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }),
    );

    const said = await triage(await night(18, { [boot]: failedTwice }), '--write');

    expect(said.code).toBe(3);
    expect(said.err).toMatch(
      /limit of requests is reached for 116 min; say it again then, nothing is done twice/,
    );
    expect(server.issues).toEqual([]);
  });

  it('may have made an issue though it failed: it is not made twice', async () => {
    const run = await night(18, { [boot]: failedTwice });
    server.faults.push(({ method }, response) => {
      if (method !== 'POST') {
        return false;
      }
      server.add({
        title: 'made',
        body: `<!-- katafarm:begin {"key":"${boot}","cells":["${boot}"]} -->\n<!-- katafarm:end -->`,
      });
      response.writeHead(502).end();
      return true;
    });

    expect(await triage(run, '--write')).toMatchObject({ code: 0 });
    expect(server.issues.map(({ title }) => title)).toEqual(['made']);
  });

  it('drops labels of who may not set any: said, with what is to be done', async () => {
    server.mayLabel = false;

    const said = await triage(await night(18, { [boot]: failedTwice }), '--write');

    expect(said).toMatchObject({ code: 3 });
    expect(said.err).toMatch(/without the label katafarm; GITHUB_TOKEN has to be allowed/);
  });

  it('is not written to as nobody', async () => {
    const run = await night(18, { [boot]: failedTwice });
    const said = await katafarm(['triage', run, '--write', '--repo', 'o/farm'], {
      env: { KATAFARM_OUT: join(folder, 'runs') },
    });

    expect(said).toMatchObject({ code: 2 });
    expect(said.err).toMatch(/cannot write issues of o\/farm as nobody: set GITHUB_TOKEN/);
  });
});

describe('the alarm', () => {
  const at = (day: number, hour: number) => ({
    now: () => new Date(Date.UTC(2026, 10, day, hour)),
  });
  const sound = (when: ReturnType<typeof at>, ...words: readonly string[]) =>
    katafarm(['alarm', '--published', join(folder, 'published'), ...words], {
      ...when,
      env: {
        GITHUB_API_URL: server.url,
        GITHUB_TOKEN: token,
        GITHUB_REPOSITORY: 'o/farm',
        KATAFARM_TRACKER_PAUSE: '1',
      },
    });

  it('is silent the morning after a missed night, and not after two', async () => {
    await published(await night(18, { [boot]: passed }));

    expect(await sound(at(20, 12))).toMatchObject({ code: 0 });
    expect(await sound(at(21, 12))).toMatchObject({
      code: 3,
      out: 'no new data since 2026-11-18T22:30:00.000Z (20261118-020000-aaaa)\n',
    });
  });

  it('does not count a night that came to no verdict, and sounds where nothing was ever published', async () => {
    expect(await sound(at(20, 12))).toMatchObject({ code: 3, out: 'no new data at all\n' });

    const errored = [{ status: 'errored', phase: 'boot', message: 'no mirror' }] as const;
    await published(await night(18, { [boot]: passed }), await night(21, { [boot]: errored }));
    expect(await sound(at(22, 2))).toMatchObject({ code: 3 });
  });

  it('has one issue, which triage does not touch, and which is closed when there is data again', async () => {
    await published(await night(18, { [boot]: passed }));
    await sound(at(22, 12), '--write');
    await sound(at(23, 12), '--write');
    await triage(await night(23, { [boot]: passed }), '--write');
    expect(server.issues.map(({ title, state }) => [title, state])).toEqual([
      ['the nightly brings no data', 'open'],
    ]);

    await published(await night(24, { [boot]: passed }));
    expect(await sound(at(25, 1), '--write')).toMatchObject({ code: 0 });
    expect(server.issues[0]?.state).toBe('closed');
  });
});
