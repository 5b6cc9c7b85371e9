import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { githubMatrix } from '../../../src/commands/fan-out.ts';
import { jobImage } from '../../../src/commands/job-values.ts';
import { kubernetesJob, kvmResource } from '../../../src/commands/kubernetes-job.ts';
import { durationsOf } from '../../../src/domain/durations.ts';
import { split } from '../../../src/domain/split.ts';
import { katafarm } from '../../support/context.ts';
import { fakeProvider } from '../../support/fake-provider.ts';
import { batchLike, nothing } from '../domain/batch-like.ts';

const job = { jobImage: 'registry.example/katafarm:1', claim: 'journals', kvm: kvmResource };

describe('for GitHub', () => {
  it('each shard is a job with what is in it, and for how many minutes', () => {
    const batches = (['debian-12', 'debian-13'] as const).map((release) =>
      batchLike(release, { 'host.kvm': [] }),
    );
    const whole = split({ batches, skipped: [] }, 2, durationsOf(nothing));

    expect(JSON.parse(githubMatrix({ ...whole, digest: '0123456789ab' }))).toEqual({
      include: [
        { shard: '1/2@0123456789ab', index: 1, title: 'debian-12', minutes: 2 },
        { shard: '2/2@0123456789ab', index: 2, title: 'debian-13', minutes: 2 },
      ],
    });
  });

  it('asks for no host that would make the night no shorter', async () => {
    const plan = async (...words: readonly string[]) => {
      const { out } = await katafarm(['plan', 'debian-12', '--kata', 'none', '--github', ...words], {
        providers: async () => [await fakeProvider()],
      });
      const { include } = JSON.parse(out) as { include: { minutes: number }[] };
      return { hosts: include.length, longest: Math.max(...include.map(({ minutes }) => minutes)) };
    };
    const [asked, more] = [await plan('--within', '1s'), await plan('--shards', '20')];

    expect(more.hosts).toBeGreaterThan(asked.hosts);
    expect(more.longest).toBe(asked.longest);
  });

  it('is one line, which fromJSON takes', () => {
    const whole = split(
      { batches: [batchLike('debian-13', { 'host.kvm': [] })], skipped: [] },
      1,
      durationsOf(nothing),
    );

    expect(githubMatrix({ ...whole, digest: '0123456789ab' })).not.toContain('\n');
  });
});

describe('for Kubernetes', () => {
  it('it is an Indexed Job, each pod of which runs its own shard once, and once more where the farm failed', () => {
    const { apiVersion, kind, spec } = kubernetesJob(['debian-13', '--scenario', 'vmm.*'], 4, job);
    const [container] = spec?.template.spec?.containers ?? [];

    expect({ apiVersion, kind }).toEqual({ apiVersion: 'batch/v1', kind: 'Job' });
    expect(spec).toMatchObject({
      completionMode: 'Indexed',
      completions: 4,
      parallelism: 4,
      backoffLimitPerIndex: 1,
    });
    // The limit of tries per index asks for this.
    expect(spec?.template.spec?.restartPolicy).toBe('Never');
    expect(container?.command?.slice(0, 2)).toEqual(['/bin/sh', '-c']);
    expect(container?.command?.[2]).toContain(
      './katafarm run debian-13 --scenario \'vmm.*\' --shard "$((JOB_COMPLETION_INDEX + 1))/4" --out "/journals/$JOB_NAME" --yes --timeout 3h ',
    );
    // The farm ends by itself first, with all that it has.
    expect(spec?.template.spec?.activeDeadlineSeconds).toBeGreaterThan(3 * 3600);
  });

  it.each([
    [0, 0],
    [1, 0],
    [3, 3],
  ])('a farm that ends with %d is a pod that ends with %d', async (status, end) => {
    const pod = podOf(`exit ${status}`);

    expect(await pod.ended).toBe(end);
  });

  it('hands the end of a pod on to the farm, and waits for it', async () => {
    const pod = podOf(
      "trap 'sleep 0.3; echo ended well; exit 143' TERM; echo up; while :; do sleep 0.05; done",
    );
    await pod.says('up');
    pod.kill();

    expect(await pod.ended).toBe(143);
    expect(pod.said()).toContain('ended well');
  });

  it.each([
    [kvmResource, { [kvmResource]: '1' }, false],
    ['squat.ai/kvm', { 'squat.ai/kvm': '1' }, false],
    ['privileged', {}, true],
    ['none', {}, false],
  ])('gets /dev/kvm by %s', (kvm, devices, privileged) => {
    const [container] = kubernetesJob([], 2, { ...job, kvm }).spec?.template.spec?.containers ?? [];

    const { requests = {}, limits = {} } = container?.resources ?? {};
    const asked = Object.fromEntries(Object.entries(limits).filter(([name]) => name.includes('/')));
    expect(asked).toEqual(devices);
    expect(requests).toMatchObject(devices);
    expect(container?.securityContext?.privileged ?? false).toBe(privileged);
  });

  it('mounts what it names, and names what it mounts', () => {
    const { containers = [], volumes = [] } = kubernetesJob([], 2, job).spec?.template.spec ?? {};

    expect(containers[0]?.volumeMounts?.map(({ name }) => name)).toEqual(volumes.map(({ name }) => name));
    expect(volumes[0]?.persistentVolumeClaim?.claimName).toBe('journals');
  });
});

/** The pod's own command, with a farm that does this. */
function podOf(deed: string) {
  const [container] = kubernetesJob(['debian-13'], 2, job).spec?.template.spec?.containers ?? [];
  const command = `${container?.command?.[2]}`.replace(/^\.\/katafarm .*? &/, `( ${deed} ) &`);
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  // Whatever a pod that is wrong would leave.
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
    } catch {
      // It is gone.
    }
  });
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
  });
  return {
    ended: once(child, 'close').then(([code]) => code),
    kill: () => child.kill('SIGTERM'),
    said: () => text,
    says: (what: string) => expect.poll(() => text, { timeout: 20_000 }).toContain(what),
  };
}

describe('what would change nothing, or what a cluster would refuse', () => {
  it.each([
    ['--shards 3', 'cannot use --shards alone: say for which hosts, --github or --kubernetes'],
    ['--within 1h', 'cannot use --within alone'],
    ['--claim mine', 'cannot use --claim without --kubernetes'],
    ['--github --job-image a/b', 'cannot use --job-image without --kubernetes'],
    ['--kubernetes --job-image A/b', 'cannot use --job-image "A/b": say a reference'],
    ['--kubernetes --job-image a/b --claim My_claim', 'cannot use --claim "My_claim"'],
    ['--kubernetes --job-image a/b --kvm yes', 'cannot use --kvm "yes": say none, privileged, or'],
  ])('%s is refused', async (words, message) => {
    const said = await katafarm(['plan', 'debian-13', ...words.split(' ')]);

    expect(said).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
  });

  it.each([
    'katafarm',
    'registry.example:5000/farm/katafarm:2026-11-22',
    `a.example/b@sha256:${'0'.repeat(64)}`,
  ])('%s is an image', (text) => {
    expect(jobImage(text)).toBe(text);
  });
});

describe('a plan without Kata', () => {
  it('says that nobody wanted it, whatever else keeps some of its scenarios from running', async () => {
    const { out } = await katafarm(['plan', 'debian-13', '--kata', 'none'], {
      providers: async () => [await fakeProvider()],
    });

    expect(out).toContain("\nKata's own scenarios are skipped: --kata none\n");
  });
});

describe('--shard', () => {
  it.each(['0/3', '4/3', '2', 'two/3', '1/3@xyz', '1/300'])(
    '%s is refused, with how it is said',
    async (word) => {
      const said = await katafarm(['run', 'debian-13', '--shard', word]);

      expect(said).toMatchObject({ code: 2, out: '' });
      expect(said.err).toMatch(/^katafarm: cannot read --shard "[^"]+": say which of how many/);
    },
  );
});
