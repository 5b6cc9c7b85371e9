import type { Cri } from '../../src/machine/cri.ts';
import type { PodConfig } from '../../src/machine/cri-shapes.ts';
import type { Scenario, ScenarioContext } from '../../src/scenario.ts';
import { image, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { compare, type How } from '../parts/mapping.ts';
import { pairsIn } from '../parts/pairs.ts';
import { handlerOf, readyForPods } from '../parts/pods.ts';
import { labelIn, withLabels } from '../parts/selinux.ts';
import { told } from '../parts/told.ts';

const configFile = '/etc/containerd/config.toml';

/** This never ran beyond its look at the release: no release that the farm has at hand enforces SELinux. */
export default {
  title: 'On an enforcing machine a VMM is confined as its pod is, and nothing is denied to it',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 90,

  async run(t) {
    if (t.distro.lsm !== 'selinux') {
      return t.skip(`the release's security module is ${t.distro.lsm}, and not SELinux`);
    }
    const libraries = [
      'mapping',
      'mapping-inside',
      'mapping-selinux',
      'pods',
      'cni-plugin',
      'image',
    ] as const;
    const { at, config } = await kataStack(t, libraries);
    const mode = await t.step('ask whether it enforces', () => told(t.guest.$`getenforce`));
    if (mode !== 'Enforcing') {
      return t.skip(
        `SELinux is ${mode} on this machine, and host.lsm says whether that is the release's default`,
      );
    }

    const handler = handlerOf(t.cell.stack, config);
    const cri = await readyForPods(t, at, [handler]);
    await t.step('let containerd label its pods', async () => {
      const text = withLabels(await t.guest.$`cat ${configFile}`.text());
      await t.guest.$`printf %s ${text} >${configFile}; systemctl restart containerd`;
    });

    const script = (how: How) => labels(t, { at, cri, how, handler: how === 'kata' ? handler.name : 'runc' });
    await compare(t, at, { script, asked });
  },
} satisfies Scenario;

/** What is asked of a pod, whoever runs it: more is compared by what is known of Kata. */
const asked = {
  'pod.confined': 'yes',
  'pod.label': 'as asked',
  'pod.categories': 'its own',
  'avc.denied': '0',
};

/** Runs a pod with a container, and says what the machine's processes and the container's are labelled with. */
async function labels(
  t: ScenarioContext,
  { at, cri, how, handler }: { at: string; cri: Cri; how: How; handler: string },
): Promise<string> {
  const pod: PodConfig = {
    metadata: { name: `labels-${how}`, uid: `labels-${how}`, namespace: 'katafarm' },
    hostname: 'pod',
    logDirectory: `${at}/logs-${how}`,
  };
  const since = await told(t.guest.$`mkdir -p ${pod.logDirectory}; date '+%Y-%m-%d %H:%M:%S'`);
  const id = await cri.runPod(pod, handler);
  const command = ['/bin/sh', '-c', 'exec sleep 1000000'];
  const container = await cri.createContainer(
    id,
    { metadata: { name: 'sleeper' }, image: { image }, command, logPath: 'sleeper.log' },
    pod,
  );
  await cri.startContainer(container);
  const inside = await cri.execSync(container, [
    '/bin/sh',
    '-c',
    'cat /proc/self/attr/current 2>/dev/null || true',
  ]);

  const seen = pairsIn(
    await told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh; . ./mapping-selinux.sh
      labels_of ${how} ${id} ${since}`),
  );
  const [asked, is, virtiofsd] = [seen['asked'], seen['process'], seen['virtiofsd']].map((text) =>
    labelIn(text ?? ''),
  );
  const within = labelIn(inside.stdout);
  return [
    `pod.confined=${/^container(_kvm)?_t$/.test(is?.type ?? '') ? 'yes' : `no: ${is?.type || 'no label'}`}`,
    `pod.type=${is?.type}`,
    `pod.label=${seen['asked'] === seen['process'] ? 'as asked' : `${seen['process']}, and ${seen['asked']} was asked for`}`,
    `pod.categories=${is?.categories && is.categories === asked?.categories ? 'its own' : 'none'}`,
    `inside.type=${within.type || 'none'}`,
    `avc.denied=${seen['denied']}`,
    `mapped.label=${seen['process']}: ${inside.stdout.replaceAll('\0', '').trim() || 'none'} within`,
    ...(how === 'kata' ? [`mapped.virtiofsd-label=${virtiofsd?.type}`] : []),
  ].join('\n');
}
