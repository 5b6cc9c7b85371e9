/**
 * A clone of a template against a boot from power-on, side by side in one run: how often faster its first answer comes.
 *
 *     node bench/clone.ts [ROUNDS]
 *
 * Needs what `katafarm run debian-13` needs, and uses its image cache.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Bench } from 'tinybench';
import { cacheOf } from '../src/commands/provider-options.ts';
import { loadDistros } from '../src/load/load-distros.ts';
import { selectDistros } from '../src/load/select.ts';
import type { BootRequest, Machine } from '../src/machine/machine.ts';
import { qemuProvider } from '../src/providers/qemu/provider.ts';
import { QemuTemplate } from '../src/providers/qemu/template.ts';

const rounds = Number(process.argv[2] ?? 3);
const root = resolve(import.meta.dirname, '..');
const { signal } = new AbortController();
const cache = cacheOf({ env: process.env, cwd: process.cwd() });
const tell = (line: string) => console.error(line);

const [distro] = selectDistros(await loadDistros(join(root, 'distros')), ['debian-13']);
if (!distro) {
  throw new Error('cannot find debian-13 among the distros');
}
const logs = await mkdtemp(join(tmpdir(), 'katafarm-bench-'));
await using provider = qemuProvider({
  accelerator: 'auto',
  cache,
  allowExpiredMirror: false,
  freshness: 'checked',
  now: () => new Date(),
});
const image = await provider.image(distro, tell, signal);
const speed = await provider.probe(image, tell, signal);
let count = 0;
const request = (): BootRequest => {
  count += 1;
  return {
    name: `bench-${count}`,
    run: 'bench',
    batch: 'debian-13/qemu:built',
    speed,
    memoryMiB: 6144,
    purpose: 'commands',
    network: false,
    logs: join(logs, String(count)),
    announce: async () => {},
    signal,
  };
};

const first = request();
await using prepared = await provider.boot(image, first);
const template = await provider.freeze?.(prepared, first);
if (!(template instanceof QemuTemplate)) {
  throw new Error('cannot compare: this host gave no template');
}

const machines: Machine[] = [];
const end = async () => {
  await Promise.all(machines.splice(0).map((machine) => machine[Symbol.asyncDispose]()));
};
const bench = new Bench({ time: 0, iterations: rounds, warmup: false })
  .add('clone to its first answer', async () => void machines.push(await template.awake(request())), {
    afterEach: end,
  })
  .add('clone to a login by SSH', async () => void machines.push(await template.clone(request())), {
    afterEach: end,
  })
  .add('boot to a login by SSH', async () => void machines.push(await provider.boot(image, request())), {
    afterEach: end,
  });
await bench.run();
await rm(logs, { recursive: true, force: true });

const medians = bench.tasks.map(({ name, result }) => ({
  name,
  ms: 'latency' in result ? result.latency.p50 : Number.NaN,
}));
const boot = medians.at(-1)?.ms ?? Number.NaN;
console.table(
  medians.map(({ name, ms }) => ({
    what: name,
    'seconds (median)': ms / 1000,
    'boot is so often slower': boot / ms,
  })),
);
