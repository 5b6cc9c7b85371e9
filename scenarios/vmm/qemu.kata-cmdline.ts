import assert from 'node:assert/strict';
import type { Scenario, ScenarioContext } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import {
  argumentsOf,
  type Form,
  factOf,
  formsOf,
  type KataLine,
  kataLines,
  nameOf,
} from '../parts/kata-cmdlines.ts';
import { type Processor, plugsOf, requestsOf } from '../parts/kata-plugs.ts';
import { pairsIn } from '../parts/pairs.ts';
import { refusalsIn, replyTo } from '../parts/qmp.ts';
import { descriptors, standIns } from '../parts/stand-ins.ts';
import { told } from '../parts/told.ts';
import { unlessRefused } from '../parts/unless-refused.ts';
import { workplace } from '../parts/workplace.ts';

export default {
  title: "The distro's QEMU takes the command lines and QMP commands that Kata gives it",
  on: ['qemu'],
  needs: {
    parts: ['qemu', 'kernel'],
    devices: ['/dev/kvm', '/dev/vhost-vsock', '/dev/vhost-net', '/dev/net/tun'],
  },
  restsOn: ['host.kvm', 'host.devices'],
  stepSeconds: 30,

  async run(t) {
    if (t.distro.arch !== 'amd64') {
      t.skip(`Kata's command lines are known here for amd64 alone, and not for ${t.distro.arch}`);
    }
    const at = await workplace(t, ['nested', 'replay'], ['busybox', 'socat', 'cpio']);
    const places = await placesIn(t, at);

    const refusals: string[] = [];
    for (const [index, { line, form }] of attempts.entries()) {
      const name = nameOf(line, form);
      const answer = await replayed(t, at, line, form, { ...places, cid: String(77 + index) });

      await t.fact(factOf(line, form), answer ?? 'accepted');
      if (answer !== undefined && line.pinned) {
        refusals.push(`${name}: ${answer}`);
      }
    }
    assert.ok(
      refusals.length === 0,
      `the distro's QEMU refuses what Kata asks of it: ${refusals.join('\n')}`,
    );
  },
} satisfies Scenario;

const attempts = kataLines.flatMap((line) => formsOf(line).map((form) => ({ line, form })));

/** Makes what Kata's command line names; says where it is, by the names that `kataLines` has for it. */
async function placesIn(t: ScenarioContext, at: string): Promise<Readonly<Record<string, string>>> {
  const { $ } = t.guest;
  const { path } = t.part('qemu');

  const said = await t.step('make stand-ins for what Kata gives QEMU', () =>
    told($`cd ${at}; . ./machine.sh; . ./replay.sh
      printf '%s' ${standIns['open.pl']} >open.pl; printf '%s' ${standIns['backend.pl']} >backend.pl
      identify qemu ${path}
      echo "qemu.version=$(${path} --version | head -n 1)"
      echo "kernel=/boot/vmlinuz-$(uname -r)"
      load_modules; make_files`),
  );
  const { memory = '', kernel = '', ...facts } = pairsIn(said);
  await record(t, facts);

  return {
    ...{ kernel, initrd: 'initrd', image: 'image', 'image-mib': '128', 'image-bytes': String(128 << 20) },
    ...{ memory, 'memory-and-image': String(Number(memory) + 1024), 'disk-file': 'disk' },
    ...{ share: 'share', console: 'console.sock', pidfile: 'qemu.pid' },
    ...Object.fromEntries(Object.entries(descriptors).map(([name, number]) => [name, String(number)])),
  };
}

/** What QEMU has against one line, in its own words; undefined where it takes all of it. */
async function replayed(
  t: ScenarioContext,
  at: string,
  line: KataLine,
  form: Form,
  places: Readonly<Record<string, string>> & { readonly cid: string },
): Promise<string | undefined> {
  const { $ } = t.guest;
  const { path } = t.part('qemu');
  const name = nameOf(line, form);
  const words = argumentsOf(line, form, places);
  const begin = requestsOf(
    ['query-status', 'query-kvm', 'query-hotpluggable-cpus'].map((execute) => ({ execute })),
  );

  // -S is not Kata's: no guest is to run here.
  const started = await t.step(`start QEMU as ${name} does`, () =>
    unlessRefused(
      told($`cd ${at}; . ./machine.sh; . ./nested.sh; . ./replay.sh
        start_kata ${places.cid} ${path} ${words} -S
        printf '%s' ${begin} >requests
        talk requests query-hotpluggable-cpus`),
    ),
  );
  if ('refused' in started) {
    return started.refused;
  }
  const status = replyTo('query-status', started.said)?.['status'];
  if (status !== 'prelaunch' && status !== 'paused') {
    return `QEMU's status is ${status}, and not prelaunch`;
  }
  if (replyTo('query-kvm', started.said)?.['enabled'] !== true) {
    return 'QEMU says that it does not use KVM';
  }

  const processors = replyTo('query-hotpluggable-cpus', started.said) as unknown as readonly Processor[];
  const plugs = requestsOf([...plugsOf(line, places, processors), { execute: 'quit' }]);
  const plugged = await t.step(`add to it by QMP what ${name} adds`, () =>
    unlessRefused(
      told($`cd ${at}; . ./machine.sh; . ./nested.sh; . ./replay.sh
        go_on_with_kata
        printf '%s' ${plugs} >requests
        talk requests quit
        wait_for 'QEMU to quit' vmm_says gone "$vmm"`),
    ),
  );
  if ('refused' in plugged) {
    return plugged.refused;
  }
  return refusalsIn(plugged.said).join('; ') || undefined;
}
