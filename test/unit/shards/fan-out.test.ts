import { describe, expect, it } from 'vitest';
import { githubMatrix } from '../../../src/commands/fan-out.ts';
import { kubernetesJob, kvmResource } from '../../../src/commands/kubernetes-job.ts';
import { durationsOf } from '../../../src/domain/durations.ts';
import { split } from '../../../src/domain/split.ts';
import { katafarm } from '../../support/context.ts';
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
    expect(container?.command).toEqual([
      '/bin/sh',
      '-c',
      './katafarm run debian-13 --scenario \'vmm.*\' --shard "$((JOB_COMPLETION_INDEX + 1))/4" --out "/journals/$JOB_NAME" --yes || test $? -eq 1',
    ]);
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
