import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type IssuesServer, issuesServer, token } from '../support/github-issues.ts';
import { gitlabServer } from '../support/gitlab-issues.ts';
import { type Stepped, step, type Workflow, workflowIn } from '../support/workflow-steps.ts';

const root = resolve(import.meta.dirname, '../..');
const releases = 'debian-11 debian-12 debian-13';

let [folder, server, workflow] = ['', undefined as unknown as IssuesServer, undefined as unknown as Workflow];

const git = (cwd: string, ...argv: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...argv], {
    cwd,
    encoding: 'utf8',
  });

/** A repository with a katafarm whose machines are folders, three releases and two scenarios. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightly-'));
  server = await issuesServer();
  workflow = await workflowIn(join(root, '.github/workflows/nightly.yml'));
  const seed = join(folder, 'seed');
  await mkdir(join(seed, 'scenarios/host'), { recursive: true });
  await mkdir(join(seed, 'scenarios/control'), { recursive: true });
  await cp(join(root, 'distros'), join(seed, 'distros'), { recursive: true });
  const scenario = (on: string, body: string) =>
    `export default { title: 'It works', on: ['${on}'], async run() { ${body} } };\n`;
  await writeFile(join(seed, 'scenarios/control/runc.ts'), scenario('runc', ''));
  const red = "if (process.env['RED']) { throw new Error('no kvm here'); }";
  await writeFile(join(seed, 'scenarios/host/kvm.ts'), scenario('host', red));
  await writeFile(join(seed, 'scenarios/host/cpu.ts'), scenario('host', ''));
  const driver = fileURLToPath(new URL('../support/nightly-driver.ts', import.meta.url));
  await writeFile(
    join(seed, 'katafarm'),
    `#!/bin/sh\nexec '${process.execPath}' '${driver}' "$(pwd)/katafarm" "$@"\n`,
  );
  await chmod(join(seed, 'katafarm'), 0o755);
  git(seed, 'init', '--quiet', '--initial-branch=main');
  git(seed, 'add', '.');
  git(seed, 'commit', '--quiet', '-m', 'Begin');
  git(folder, 'clone', '--quiet', '--bare', 'seed', 'origin');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** What becomes of a shard, by its index, on its way back. */
type Fate = 'red' | 'cut' | 'absent' | 'whole';

/** Every job of a night, each in a checkout of its own, as the workflow has them one after the other. */
async function night(at: string, fates: readonly Fate[]) {
  const jobs = join(folder, at.slice(0, 10));
  const env = {
    ...{ NIGHT: at, NO_COLOR: '1', GITHUB_API_URL: server.url, GITHUB_REPOSITORY: 'o/farm' },
    ...{ GITHUB_REF_NAME: 'main', GITHUB_SERVER_URL: 'https://github.example' },
    KATAFARM_TRACKER_PAUSE: '1',
  };
  const checkout = (name: string) => {
    git(folder, 'clone', '--quiet', 'origin', join(jobs, name));
    return join(jobs, name);
  };
  await mkdir(jobs, { recursive: true });
  const shared = { 'inputs.releases': releases, 'inputs.shards': String(fates.length) };

  const planned = await step(workflow, 'plan', 'Plan', { cwd: checkout('plan'), env, values: shared });
  expect(planned).toMatchObject({ code: 0 });
  const { include } = JSON.parse(planned.outputs['matrix'] ?? '') as {
    include: { shard: string; index: number }[];
  };
  expect(include).toHaveLength(fates.length);

  const codes: (number | null)[] = [];
  for (const { shard, index } of include) {
    const fate = fates[index - 1] ?? 'whole';
    if (fate === 'absent') {
      continue;
    }
    const cwd = checkout(`shard-${index}`);
    const ran = await step(workflow, 'run', 'Run', {
      ...{ cwd, values: { ...shared, 'matrix.shard': shard } },
      env: { ...env, ...(fate === 'red' && { RED: '1' }) },
    });
    codes.push(ran.code);
    expect(ran.said).toContain('passed');
    if (fate === 'cut') {
      await cutOff(join(cwd, 'runs'));
    }
    await cp(join(cwd, 'runs'), join(jobs, `merge-journals/shard-${index}`), { recursive: true });
  }

  const cwd = checkout('merge');
  await cp(join(jobs, 'merge-journals'), join(cwd, 'journals'), { recursive: true }).catch(() => undefined);
  const values: Record<string, string> = {
    ...shared,
    "github.event_name == 'schedule' || inputs.publish": 'true',
    'github.token': token,
  };
  const done: Record<string, Stepped> = {};
  for (const [name, id] of Object.entries({
    Merge: 'merge',
    Issues: '',
    Publish: 'publish',
    'What is new': 'diff',
    'Keep the reports': '',
    Verdict: '',
  })) {
    done[name] = await step(workflow, 'merge', name, { cwd, env, values });
    if (name === 'Merge' && done[name].code !== 0) {
      break;
    }
    for (const [key, value] of Object.entries(done[name].outputs)) {
      values[`steps.${id}.outputs.${key}`] = value;
    }
  }
  const published = join(jobs, 'published');
  git(folder, 'clone', '--quiet', 'origin', published);
  return { codes, done, cwd, published };
}

/** A farm that died, or an upload that was cut: half of what was written. */
async function cutOff(runs: string): Promise<void> {
  const [run = ''] = await readdir(runs);
  const path = join(runs, run, 'journal.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  const first = lines.findIndex((line) => line.includes('"cell-ended"'));
  await writeFile(path, `${lines.slice(0, first + 1).join('\n')}\n${lines[first + 1]?.slice(0, 20)}`);
}

describe('the nightly, step by step', () => {
  it('publishes a night in which all went well, and is green', { timeout: 600_000 }, async () => {
    const { codes, done, published } = await night('2026-11-20T01:17:00.000Z', ['whole', 'whole', 'whole']);

    expect(codes).toEqual([0, 0, 0]);
    const told = Object.entries(done).map(([name, { code, said }]) => [name, code, code === 0 ? '' : said]);
    expect(told).toEqual(Object.keys(done).map((name) => [name, 0, '']));
    expect(done['Merge']?.outputs['status']).toBe('0');
    expect(done['Merge']?.summary).toContain('# katafarm run');
    expect(server.issues).toEqual([]);
    expect(done['What is new']?.summary).toContain('2026-11-20 is the first night that was published');
    expect(git(published, 'log', '-1', '--format=%s')).toMatch(/^Publish the night of /);
    expect(await readFile(join(published, 'reports/SUPPORT.md'), 'utf8')).toContain('debian');
  });

  it('goes on with what there is where a shard is red, one is cut off and one never comes back, and says all of it', {
    timeout: 600_000,
  }, async () => {
    const { codes, done, cwd, published } = await night('2026-11-21T01:17:00.000Z', ['red', 'cut', 'absent']);

    expect(codes).toEqual([0, 0]);
    expect(done['Merge']).toMatchObject({ code: 0, outputs: { status: '3' } });
    expect(done['Merge']?.said).toContain('katafarm: shard 2 of 3 was cut off');
    expect(done['Merge']?.said).toContain('katafarm: shard 3 of 3 never came back');
    expect(done['Merge']?.summary).toContain(
      'not whole: shard 2 of 3 was cut off, shard 3 of 3 never came back',
    );
    const { cells, missing } = JSON.parse(await readFile(join(cwd, 'merged.json'), 'utf8'));
    expect([cells, missing.length]).toEqual([9, 5]);

    expect(done['Issues']).toMatchObject({ code: 0 });
    expect(server.issues.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^regression: debian-\d\d\/host\/host\.kvm$/),
    ]);
    expect(done['Issues']?.said).toMatch(/::error title=debian-\d\d\/host\/host\.kvm::/);
    expect(done['What is new']?.outputs['status']).toBe('1');
    expect(done['What is new']?.summary).toContain('host.kvm');
    expect(done['Verdict']?.code).toBe(1);
    expect(git(published, 'log', '--format=%s').trim().split('\n')).toHaveLength(3);
  });

  it('closes what is mended, and is red where nothing came back at all', { timeout: 600_000 }, async () => {
    const { done } = await night('2026-11-22T01:17:00.000Z', ['whole', 'whole', 'whole']);
    expect(done['Verdict']).toMatchObject({ code: 0 });
    expect(server.issues.map(({ state }) => state)).toEqual(['closed']);

    const lost = await night('2026-11-23T01:17:00.000Z', ['absent', 'absent', 'absent']);
    expect(lost.done['Merge']).toMatchObject({
      code: 3,
      said: expect.stringContaining('no shard came back'),
    });
  });
});

describe('the night of GitLab', () => {
  const at = '2026-11-20T01:17:00.000Z';

  /** A job's shell, as a runner has it: every line ends it that fails. */
  async function job(name: string, cwd: string, env: Readonly<Record<string, string>>) {
    const { variables, ...jobs } = parse(
      await readFile(join(root, 'src/commands/init/gitlab/gitlab-ci.yml'), 'utf8'),
    );
    const { PATH = '' } = process.env;
    const own = { PATH, HOME: folder, NIGHT: at, NO_COLOR: '1', ...variables, RELEASES: releases, ...env };
    // The servers that it talks to are this process's.
    const shell = spawn('bash', ['-eo', 'pipefail', '-c', `exec 2>&1\n${jobs[name].script.join('\n')}`], {
      ...{ cwd, env: own, stdio: ['ignore', 'pipe', 'inherit'] },
    });
    const [said, [code]] = await Promise.all([text(shell.stdout), once(shell, 'close')]);
    return { code, said };
  }

  it('puts its shards together, and pushes once more where somebody was faster', {
    timeout: 600_000,
  }, async () => {
    await using gitlab = await gitlabServer();
    const place = join(folder, 'gitlab');
    await mkdir(place);
    git(place, 'clone', '--quiet', '--bare', '../seed', 'farm.git');
    git(join(place, 'farm.git'), 'config', 'receive.advertisePushOptions', 'true');
    // Refuses the first push, as a server does where another came before it.
    const refuses = `#!/bin/sh\n[ -e '${place}/tried' ] || { : >'${place}/tried'; exit 1; }\n`;
    await writeFile(join(place, 'farm.git/hooks/pre-receive'), refuses, { mode: 0o755 });
    for (const index of ['1', '2']) {
      git(place, 'clone', '--quiet', 'farm.git', `shard-${index}`);
      const ran = await job('shard', join(place, `shard-${index}`), {
        ...{ CI_NODE_INDEX: index, CI_NODE_TOTAL: '2', ...(index === '2' && { RED: '1' }) },
      });
      expect(ran).toMatchObject({ code: 0 });
    }

    git(place, 'clone', '--quiet', 'farm.git', 'merge');
    for (const index of ['1', '2']) {
      await cp(join(place, `shard-${index}/runs`), join(place, 'merge/runs'), { recursive: true });
    }
    git(
      place,
      'config',
      '--file',
      join(folder, '.gitconfig'),
      `url.${place}/.insteadOf`,
      'https://katafarm:a-token-of-a-test@gitlab.example/farms/kata/',
    );
    const { code, said } = await job('merge', join(place, 'merge'), {
      ...{ CI_COMMIT_BRANCH: 'main', CI_SERVER_HOST: 'gitlab.example', CI_PROJECT_PATH: 'farms/kata/farm' },
      ...{ GITLAB_CI: 'true', CI_API_V4_URL: gitlab.url, KATAFARM_TRACKER_PAUSE: '1' },
      KATAFARM_PUSH_TOKEN: token,
    });

    expect(said).toContain('2026-11-20 is the first night that was published');
    expect(gitlab.issues.map(({ title }) => title)).toContainEqual(
      expect.stringMatching(/^new, and failing: debian-\d\d\/host\/host\.kvm$/),
    );
    expect(said).toContain('try 1 was refused');
    expect(code, said).toBe(0);
    git(place, 'clone', '--quiet', 'farm.git', 'published');
    expect(git(join(place, 'published'), 'log', '--format=%s').split('\n')).toHaveLength(3);
    expect(await readFile(join(place, 'published/reports/SUPPORT.md'), 'utf8')).toContain('debian-13');
  });
});

describe('the workflows of this repository', () => {
  it.each(['nightly', 'alarm'])('%s is what katafarm init github writes', async (name) => {
    const [own, written] = await Promise.all(
      [`.github/workflows/${name}.yml`, `src/commands/init/github/${name}.yml`].map((path) =>
        readFile(join(root, path), 'utf8'),
      ),
    );
    expect(own).toBe(written);
  });

  it('of GitLab has jobs that each have a stage and a shell, and one that is the alarm', async () => {
    const text = await readFile(join(root, 'src/commands/init/gitlab/gitlab-ci.yml'), 'utf8');
    const { stages, variables, workflow: when, default: usual, ...jobs } = parse(text);

    expect([stages, variables, when, usual].every((one) => one !== undefined)).toBe(true);
    expect(Object.keys(jobs)).toEqual(['shard', 'merge', 'pages', 'alarm']);
    for (const { stage, script } of Object.values(jobs) as { stage: string; script: string[] }[]) {
      expect(stages).toContain(stage);
      expect(script.filter((line) => typeof line !== 'string')).toEqual([]);
    }
    expect(jobs.shard.script.join('\n')).toContain('--shard "$CI_NODE_INDEX/$CI_NODE_TOTAL"');
  });

  it('may read, and no more, but where a job has to write', () => {
    const own = Object.entries(workflow.jobs).map(([name, { permissions }]) => [name, permissions]);

    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(Object.fromEntries(own)).toEqual({
      plan: undefined,
      run: undefined,
      merge: { contents: 'write', issues: 'write' },
      page: { pages: 'write', 'id-token': 'write' },
    });
  });

  it('leaves no token on a disk where packages are installed', () => {
    const checkouts = Object.values(workflow.jobs)
      .flatMap(({ steps }) => steps)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@'));

    expect(checkouts.length).toBeGreaterThan(2);
    expect(checkouts.filter((one) => one.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('pin every action by a full version', () => {
    const used = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));

    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((one) => !/^actions\/[\w-]+@v\d+\.\d+\.\d+$/.test(one))).toEqual([]);
  });
});
