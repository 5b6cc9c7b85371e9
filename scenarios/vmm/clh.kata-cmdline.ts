import assert from 'node:assert/strict';
import type { Scenario, ScenarioContext } from '../../src/scenario.ts';
import { type ClhRequest, clhRequests } from '../parts/clh-requests.ts';
import { record } from '../parts/facts.ts';
import { placed } from '../parts/kata-cmdlines.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';
import { unlessRefused } from '../parts/unless-refused.ts';
import { workplace } from '../parts/workplace.ts';

type Root = keyof ClhRequest['create'];

export default {
  title: "The distro's cloud-hypervisor takes the command line and API requests that Kata gives it",
  on: ['clh'],
  needs: { parts: ['cloud-hypervisor', 'kernel'], devices: ['/dev/kvm'] },
  restsOn: ['host.kvm'],
  stepSeconds: 30,

  async run(t) {
    const at = await workplace(t, ['nested', 'replay', 'clh-api'], ['busybox', 'socat', 'cpio']);
    const places = await placesIn(t, at);

    const refusals: string[] = [];
    for (const request of clhRequests) {
      for (const root of ['image', 'initrd'] as const) {
        const answer = await replayed(t, at, request, root, places);

        const { kata, runtime, pinned } = request;
        await t.fact(`kata-cmdline.${kata}.${runtime}.${root}`, answer ?? 'accepted');
        if (answer !== undefined && pinned) {
          refusals.push(`Kata ${kata} (${runtime}, ${root}): ${answer}`);
        }
      }
    }
    assert.ok(
      refusals.length === 0,
      `the distro's cloud-hypervisor refuses what Kata asks of it: ${refusals.join('\n')}`,
    );
  },
} satisfies Scenario;

/** Makes what Kata's requests name; says where it is. */
async function placesIn(t: ScenarioContext, at: string): Promise<Readonly<Record<string, string>>> {
  const { path } = t.part('cloud-hypervisor');

  const said = await t.step('make stand-ins for what Kata gives cloud-hypervisor', () =>
    told(t.guest.$`cd ${at}; . ./machine.sh; . ./replay.sh
      identify clh ${path}
      echo "clh.version=$(${path} --version | head -n 1)"
      echo "kernel=/boot/vmlinuz-$(uname -r)"
      make_files`),
  );
  const { memory, kernel = '', ...facts } = pairsIn(said);
  await record(t, facts);

  const bytes = Number(memory) * 2 ** 20;
  return {
    ...{ kernel, image: `${at}/image`, initrd: `${at}/initrd`, share: `${at}/share`, vsock: `${at}/vsock` },
    ...{ 'memory-bytes': String(bytes), 'hotplug-bytes': String(aligned(Math.max(bytes - 2 ** 31, 0))) },
  };
}

/** Kata rounds up to 2 MiB. */
const aligned = (bytes: number) => Math.ceil(bytes / 2 ** 21) * 2 ** 21;

/** What cloud-hypervisor has against one request, in its own words; undefined where it makes the VM. Nothing is booted. */
async function replayed(
  t: ScenarioContext,
  at: string,
  { kata, runtime, create }: ClhRequest,
  root: Root,
  places: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const body = placed(create[root], places);
  const { path } = t.part('cloud-hypervisor');

  const answer = await t.step(
    `make a VM by cloud-hypervisor as Kata ${kata} (${runtime}, ${root}) does`,
    () =>
      unlessRefused(
        told(t.guest.$`cd ${at}; . ./machine.sh; . ./nested.sh; . ./clh-api.sh
        printf '%s' ${body} >body
        start_clh ${path}
        call GET vmm.ping
        call PUT vm.create body
        call GET vm.info
        says '"state": *"Created"' reply || fail "after vm.create the VM's state is not Created" "$(last reply)"
        call PUT vmm.shutdown
        wait_for 'cloud-hypervisor to end' vmm_says gone "$vmm"`),
      ),
  );
  return 'refused' in answer ? answer.refused : undefined;
}
