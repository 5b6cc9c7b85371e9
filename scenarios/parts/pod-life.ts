import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Cri } from '../../src/machine/cri.ts';
import type { PodConfig } from '../../src/machine/cri-shapes.ts';
import type { ScenarioContext } from '../../src/scenario.ts';
import { image } from './kata.ts';
import { pairsIn } from './pairs.ts';
import { told } from './told.ts';

/** How a pod is run, and by whom each part of its life is timed. */
export interface PodPlan {
  readonly at: string;
  readonly cri: Cri;
  readonly handler: string;
  readonly stage: <T>(title: string, body: () => Promise<T>) => Promise<T>;
}

/** What a pod's two containers said of where they are. */
export interface PodAnswer {
  readonly kernel: string;
  /** Of the kernel that each of the two runs on. */
  readonly boots: readonly [string, string];
  readonly machineBoot: string;
  readonly address: string;
}

const where = 'echo boot=$(cat /proc/sys/kernel/random/boot_id); echo kernel=$(uname -r)';

/**
 * A pod with two containers, from its start to nothing left of it: commands run in both, one has its log written, and
 * serves a page that the machine gets from the pod's address.
 */
export async function podLife(t: ScenarioContext, { at, cri, handler, stage }: PodPlan): Promise<PodAnswer> {
  const { $ } = t.guest;
  const token = randomUUID();
  const config: PodConfig = {
    metadata: { name: `pod-${handler}`, uid: token, namespace: 'katafarm' },
    hostname: 'pod',
    logDirectory: `${at}/logs-${handler}`,
  };
  const container = async (pod: string, name: string, script: string) => {
    const command = ['/bin/sh', '-c', script];
    const made = { metadata: { name }, image: { image }, command, logPath: `${name}.log` };
    const id = await cri.createContainer(pod, made, config);
    await cri.startContainer(id);
    return id;
  };
  const within = async (id: string, script: string) => {
    const said = await cri.execSync(id, ['/bin/sh', '-c', script]);
    assert.ok(said.exitCode === 0, `a command in a container ended with ${said.exitCode}: ${said.stderr}`);
    return said.stdout;
  };

  const pod = await stage('run a pod', async () => {
    await $`mkdir -p ${config.logDirectory}`;
    return await cri.runPod(config, handler);
  });
  const serve = `mkdir /www; echo ${token} >/www/token; echo said ${token}; exec httpd -f -p 8080 -h /www`;
  const [server, sleeper] = await stage('run two containers in it', async () => [
    await container(pod, 'server', serve),
    await container(pod, 'sleeper', 'exec sleep 1000000'),
  ]);

  const answers = await stage('run commands in both', async () => [
    pairsIn(await within(server, where)),
    pairsIn(await within(sleeper, where)),
  ]);
  const page = 'http://127.0.0.1:8080/token';
  const shared = await stage('reach one container from the other', () =>
    within(sleeper, `until wget -q -O - ${page} 2>/dev/null; do sleep 0.2; done`),
  );
  assert.ok(shared.trim() === token, `the containers of a pod share no network: one got ${shared.trim()}`);

  const address = await stage("get a page from the pod's address", async () => {
    const { network } = await cri.podStatus(pod);
    assert.ok(network?.ip, 'the pod has no address');
    const got = await told($`cd ${at}; . ./machine.sh; . ./pods.sh; reach_pod ${network.ip}`);
    assert.ok(got === token, `the pod's server said ${got}`);
    return network.ip;
  });
  await stage("read a container's log", async () => {
    const { logPath } = await cri.containerStatus(server);
    const log = await $`cat ${logPath}`.text();
    assert.match(log, new RegExp(` stdout F said ${token}$`, 'm'), `the log of a container is:\n${log}`);
  });

  await stage('stop and remove the pod', async () => {
    await cri.stopPod(pod);
    await cri.removePod(pod);
    const left = await cri.listContainers();
    assert.deepEqual(
      [...(await cri.listPods()), ...left].map(({ id }) => id),
      [],
      'the engine still lists it',
    );
  });
  const traces = await stage('look for what is left of it', () =>
    told($`cd ${at}; . ./machine.sh; . ./pods.sh; traces_left ${pod}`),
  );
  assert.ok(traces === '', `the pod is gone and left this:\n${traces}`);

  return {
    kernel: answers[0]?.['kernel'] ?? '',
    boots: [answers[0]?.['boot'] ?? '', answers[1]?.['boot'] ?? ''],
    machineBoot: (await $`cat /proc/sys/kernel/random/boot_id`.text()).trim(),
    address,
  };
}
