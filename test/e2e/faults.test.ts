import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cacheOf } from '../../src/commands/provider-options.ts';
import { cellOf } from '../../src/domain/cell.ts';
import type { Distro } from '../../src/domain/distro.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { Speed } from '../../src/domain/speed.ts';
import { loadDistros } from '../../src/load/load-distros.ts';
import { loadScenarios } from '../../src/load/load-scenarios.ts';
import { selectDistros } from '../../src/load/select.ts';
import type { BootRequest, Image, Machine, Provider, Template } from '../../src/machine/machine.ts';
import { qemuProvider } from '../../src/providers/qemu/provider.ts';
import { execute } from '../../src/run/execute.ts';
import { Transcript } from '../../src/run/transcript.ts';
import { root } from '../support/farm.ts';
import { type Fault, faults } from './faults.ts';

/** Every scenario fails for the right reason: each fault is planted in a template derived from debian-13's. */
const { signal } = new AbortController();
let logs: string;
let provider: Provider;
let distro: Distro;
let speed: Speed;
let template: Template;
let count = 0;

const request = (): BootRequest => {
  count += 1;
  return {
    name: `fault-${count}`,
    run: 'faults',
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

beforeAll(async () => {
  logs = await mkdtemp(join(tmpdir(), 'faults-'));
  const options = {
    accelerator: 'auto',
    allowExpiredMirror: false,
    freshness: 'checked',
    now: () => new Date(),
  } as const;
  provider = qemuProvider({ ...options, cache: cacheOf({ env: process.env, cwd: root }) });
  [distro] = selectDistros(await loadDistros(join(root, 'distros')), ['debian-13']) as [Distro];
  const image = await provider.image(distro, (line) => process.stderr.write(`${line}\n`), signal);
  speed = await provider.probe(image, () => {}, signal);
  const asked = { ...request(), purpose: 'template' } as const;
  template = (await provider.template?.(image, asked)) ?? (await made(image, asked));
});

async function made(image: Image, asked: BootRequest): Promise<Template> {
  await using machine = await provider.boot(image, asked);
  return (await provider.freeze?.(machine, asked)) as Template;
}

afterAll(async () => {
  await template?.[Symbol.asyncDispose]();
  await provider?.[Symbol.asyncDispose]();
  await rm(logs, { recursive: true, force: true });
});

async function run(id: Fault['scenario'], machine: Machine): Promise<Outcome> {
  const scenario = (await loadScenarios([join(root, 'scenarios')])).find((one) => one.id === id);
  if (!scenario) {
    throw new Error(`cannot find the scenario ${id}`);
  }
  count += 1;
  await using transcript = new Transcript(join(logs, `${count}.txt`));
  const cell = cellOf(distro.id, 'host', id);
  const { factor } = speed;
  return await execute({ scenario, cell, distro, machine, factor, transcript, fact: async () => {}, signal });
}

it.each(faults)('$scenario notices $title', async ({ scenario, prepare, expect: expected }) => {
  const plant = async (machine: Machine) => {
    const [status] = await once(machine.spawn(`set -eu\n${prepare}`), 'close');
    expect(status).toBe(0);
  };
  await using child = await template.derive(scenario, request(), plant);
  await using machine = await child.clone(request());
  if (scenario === 'host.boot') {
    await machine.reboot();
  }

  const outcome = await run(scenario, machine);

  expect(outcome).toMatchObject({
    status: 'failed',
    message: expect.stringMatching(expected.message),
    ...(expected.step && { step: expected.step }),
  });
});
