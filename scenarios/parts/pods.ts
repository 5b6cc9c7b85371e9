import assert from 'node:assert/strict';
import type { StackId } from '../../src/domain/stack.ts';
import type { Cri } from '../../src/machine/cri.ts';
import type { ScenarioContext } from '../../src/scenario.ts';
import {
  type Handler,
  isCriDisabled,
  type PodSettings,
  podSettingsIn,
  withHandlers,
} from './containerd-config.ts';
import { record } from './facts.ts';
import { FarmError } from './farm-error.ts';
import { image } from './kata.ts';
import { pairsIn } from './pairs.ts';
import { told } from './told.ts';

/** The handler of a stack's shim (parts/kata.ts). */
export function handlerOf(stack: StackId, config: string): Handler {
  const name = `kata-${stack.replaceAll(/[^a-z]/g, '-')}`;
  return { name, type: `io.containerd.${name}.v2`, config };
}

/** Commands that the farm brings, and pods take. */
export const podInstruments = ['busybox', 'ctr', 'ip', 'nsenter', 'flock', 'socat'];

const configFile = '/etc/containerd/config.toml';
/** Answers of the engine's in which it may not be ready for pods yet; counted, as a slow machine gives as many. */
const looks = 20;

/**
 * Makes a machine ready for pods of these handlers: containerd's configuration, a network plugin, a pause image. The
 * engine, as it answers when it is ready. `at` is a workplace with `pods`, `cni-plugin`, `image` and `kata` in it.
 */
export async function readyForPods(
  t: ScenarioContext,
  at: string,
  handlers: readonly Handler[],
): Promise<Cri> {
  const settings = await t.step("configure the machine's containerd for pods", () => configure(t, handlers));
  const brought = await t.step('bring a network plugin and a pause image', () =>
    told(t.guest.$`cd ${at}; . ./machine.sh; . ./image.sh; . ./pods.sh
      systemctl start containerd || fail 'containerd does not start'
      bring_network ${settings.networkFolder} ${settings.networkPrograms}
      bring_pause ${settings.pause}`),
  );
  await record(t, pairsIn(brought));

  await t.step('restart containerd', () =>
    told(t.guest.$`cd ${at}; . ./machine.sh
      echo 'restarting containerd' >&2
      systemctl restart containerd || {
        journalctl --no-pager --boot --unit containerd --lines 10 --output cat >journal.log || true
        fail 'containerd does not start with a handler in its configuration' "$(last journal.log)"
      }`),
  );
  return await t.step('ask containerd for pods', async () => {
    const cri = await waitForPods(t);
    for (const name of [settings.pause, image]) {
      if (!(await cri.imageStatus(name))) {
        throw new FarmError(`cannot find the farm's image ${name} in containerd`);
      }
    }
    return cri;
  });
}

/** The engine behind a socket, once its runtime and network are ready. */
export async function waitForPods(t: ScenarioContext, socket?: string): Promise<Cri> {
  const cri = await t.cri(socket);
  const { runtimeName, runtimeVersion, runtimeApiVersion } = await cri.version();
  await t.fact('cri.engine', `${runtimeName} ${runtimeVersion}`);
  await t.fact('cri.api', runtimeApiVersion);

  for (let look = 1; ; look += 1) {
    const missing = (await cri.conditions()).filter(({ type, status }) => /Ready$/.test(type) && !status);
    if (missing.length === 0) {
      return cri;
    }
    const words = missing.map(({ type, reason, message }) => `${type}: ${reason} ${message}`);
    assert.ok(look < looks, `${runtimeName} is not ready for pods: ${words.join('; ')}`);
    await t.guest.$`sleep 0.5`;
  }
}

/** Edits the machine's configuration file, and asks what containerd makes of it. */
async function configure(t: ScenarioContext, handlers: readonly Handler[]): Promise<PodSettings> {
  const { $ } = t.guest;
  const before = await $`! [ -e ${configFile} ] || cat ${configFile}`.text();
  const version = Number(await $`containerd config default | sed -n 's/^version = //p'`.text());
  if (isCriDisabled(before)) {
    t.degrade(`${configFile} forbids pods (the CRI plugin): they had to be allowed`);
  }
  await $`mkdir -p /etc/containerd; printf %s ${withHandlers(before, handlers, version)} >${configFile}`;

  const settings = podSettingsIn(
    await $`containerd config dump | busybox awk '/^ *\\[/ { pods = /io.containerd.(grpc.v1.cri|cri.v1)/ } pods'`.text(),
  );
  const lost = handlers.filter(({ name }) => !settings.handlers.includes(name)).map(({ name }) => name);
  if (lost.length > 0) {
    throw new FarmError(
      `cannot give containerd a handler ${lost.join(', ')}: another file than ${configFile} decides`,
    );
  }
  return settings;
}
