import { join } from 'node:path';
import { Bench } from 'tinybench';
import { loadDistros } from '../src/load/load-distros.ts';
import { selectDistros } from '../src/load/select.ts';
import type { BootRequest, Image, Machine, Provider } from '../src/machine/machine.ts';
import { qemuProvider } from '../src/providers/qemu/provider.ts';
import { QemuTemplate } from '../src/providers/qemu/template.ts';
import type { Row } from './row.ts';

const clones = 5;

/** What a clone of a template takes to its first answer and to a login, against one boot from power-on; seconds. */
export async function clone(
  {
    root,
    cache,
    folder,
    signal,
  }: Readonly<Record<'root' | 'cache' | 'folder', string>> & { readonly signal: AbortSignal },
  tell: (line: string) => void,
): Promise<readonly Row[]> {
  const [distro] = selectDistros(await loadDistros(join(root, 'distros')), ['debian-13']);
  if (!distro) {
    throw new Error('cannot find debian-13 among the releases');
  }
  await using provider = qemuProvider({
    accelerator: 'auto',
    cache,
    allowExpiredMirror: false,
    freshness: 'offline',
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
      logs: join(folder, String(count)),
      announce: async () => {},
      signal,
    };
  };

  tell('a boot from power-on');
  const boot = await secondsTo(() => provider.boot(image, request()));
  await using template = await templateOf(provider, image, request, tell);
  const machines: Machine[] = [];
  const end = async () => {
    await Promise.all(machines.splice(0).map((machine) => machine[Symbol.asyncDispose]()));
  };
  const bench = new Bench({ time: 0, iterations: clones, warmup: false, throws: true })
    .add('a clone to its first answer', async () => void machines.push(await template.awake(request())), {
      afterEach: end,
    })
    .add('a clone to a login by SSH', async () => void machines.push(await template.clone(request())), {
      afterEach: end,
    });
  tell(`clones, ${clones} of each kind`);
  await bench.run();

  const against = `a boot to a login: ${boot.toFixed(1)} s`;
  return bench.tasks.map(({ name, result }) => {
    const figure = 'latency' in result ? result.latency.p50 / 1000 : Number.NaN;
    return { what: name, figure, unit: 's', against, ratio: figure / boot };
  });
}

/** The cache's, where an earlier run has left one; else one that is made now. */
async function templateOf(
  provider: Provider,
  image: Image,
  request: () => BootRequest,
  tell: (line: string) => void,
): Promise<QemuTemplate> {
  const kept = await provider.template?.(image, request());
  if (kept instanceof QemuTemplate) {
    return kept;
  }

  tell('the cache has no template: making one');
  const making = { ...request(), purpose: 'template' } as const;
  await using prepared = await provider.boot(image, making);
  const made = await provider.freeze?.(prepared, making);
  if (!(made instanceof QemuTemplate)) {
    throw new Error('cannot compare: this host gives no template');
  }
  return made;
}

async function secondsTo(start: () => Promise<Machine>): Promise<number> {
  const started = performance.now();
  await using _machine = await start();
  return (performance.now() - started) / 1000;
}
