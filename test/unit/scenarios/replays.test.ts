import { describe, expect, test } from 'vitest';
import clh from '../../../scenarios/vmm/clh.kata-cmdline.ts';
import qemu from '../../../scenarios/vmm/qemu.kata-cmdline.ts';
import type { Scenario, ScenarioContext } from '../../../src/scenario.ts';
import { distroLike } from '../../support/domain.ts';

const answers = [
  '{"return": {"status": "prelaunch"}, "id": "query-status"}',
  '{"return": {"enabled": true}, "id": "query-kvm"}',
  '{"return": [{"type": "host-x86_64-cpu", "props": {"core-id": 1}}], "id": "query-hotpluggable-cpus"}',
].join('\n');

/** What a script in the machine comes to: text, or its end by `fail`. */
type Answer = string | { readonly fails: string };

/** Runs a scenario on a machine that answers each step by its title, and tells its facts. */
async function run(scenario: Scenario, answerTo: (step: string) => Answer | undefined) {
  const facts: Record<string, unknown> = {};
  let step = '';
  const $ = () => {
    const answer = answerTo(step) ?? '';
    const output =
      typeof answer === 'string'
        ? Promise.resolve({ stdout: answer, stderr: '', exitCode: 0 })
        : Promise.reject({ stdout: '', stderr: `katafarm: ${answer.fails}\n`, exitCode: 1 });
    return Object.assign(output, { text: async () => (await output).stdout });
  };
  const context = {
    cell: { scenario: 'vmm.qemu.kata-cmdline' },
    distro: distroLike(),
    guest: { $, push: async () => {} },
    part: () => ({ package: 'qemu-system-x86', path: '/usr/bin/qemu-system-x86_64' }),
    step: async (title: string, body: () => unknown) => {
      step = title;
      return body();
    },
    fact: async (key: string, value: unknown) => {
      facts[key] = value;
    },
  };
  await scenario.run(context as unknown as ScenarioContext);
  return facts;
}

/** A machine whose QEMU takes everything, but for what `otherwise` says of a step. */
const withQemu = (otherwise: (step: string) => Answer | undefined) => (step: string) =>
  otherwise(step) ??
  (step.startsWith('make ') ? 'kernel=/boot/vmlinuz\nmemory=5932' : undefined) ??
  (step.startsWith('start ') ? answers : undefined);

describe("a QEMU that is asked by Kata's command lines", () => {
  test('passes where it takes them all, and each is a fact', async () => {
    const facts = await run(
      qemu,
      withQemu(() => undefined),
    );

    const told = Object.entries(facts).filter(([key]) => key.startsWith('kata-cmdline.'));
    expect(told).toHaveLength(8);
    expect(new Set(told.map(([, value]) => value))).toEqual(new Set(['accepted']));
  });

  test("fails in QEMU's own words where it refuses a line of the pinned Kata", async () => {
    const refusing = withQemu((step) =>
      /start .*4\.1\.0 \(runtime-rs, image, nested\)/.test(step)
        ? { fails: "QEMU ended with status 1: Property 'memory-backend-file.readonly' not found" }
        : undefined,
    );

    await expect(run(qemu, refusing)).rejects.toThrow(
      "Kata 4.1.0 (runtime-rs, image, nested): QEMU ended with status 1: Property 'memory-backend-file.readonly' not found",
    );
  });

  test('fails where it refuses what the pinned Kata adds by QMP', async () => {
    const refusing = withQemu((step) =>
      /add to it .*4\.1\.0 \(runtime-rs, initrd, bare metal\)/.test(step)
        ? '{"error": {"desc": "no io_uring"}, "id": "blockdev-add raw"}'
        : undefined,
    );

    await expect(run(qemu, refusing)).rejects.toThrow(
      'Kata 4.1.0 (runtime-rs, initrd, bare metal): blockdev-add raw: no io_uring',
    );
  });

  test.for(['{"return": {"status": "running"}, "id": "query-status"}', answers.replace('true', 'false')])(
    'fails where it runs the guest, or has no KVM: %s',
    async (said) => {
      await expect(
        run(
          qemu,
          withQemu((step) => (step.startsWith('start ') ? said : undefined)),
        ),
      ).rejects.toThrow(/status is running|does not use KVM/);
    },
  );

  test('passes where only the line of another Kata is refused, which is a fact', async () => {
    const refusing = withQemu((step) =>
      step.includes('3.8.0') && step.startsWith('start ') ? { fails: 'QEMU ended' } : undefined,
    );

    const facts = await run(qemu, refusing);

    expect(facts).toMatchObject({ 'kata-cmdline.3.8.0.go.image.nested': 'QEMU ended' });
  });
});

describe("a cloud-hypervisor that is asked by Kata's requests", () => {
  const withClh = (otherwise: (step: string) => Answer | undefined) => (step: string) =>
    otherwise(step) ?? (step.startsWith('make stand-ins') ? 'kernel=/boot/vmlinuz\nmemory=5932' : '');

  test('passes where it makes every VM', async () => {
    const facts = await run(
      clh,
      withClh(() => undefined),
    );

    expect(facts).toMatchObject({ 'kata-cmdline.4.1.0.runtime-rs.image': 'accepted' });
  });

  test.for([
    ['fails', 'runtime-rs', /Kata 4\.1\.0 \(runtime-rs, image\): missing field/],
    ['passes', 'go', undefined],
  ] as const)('%s where it refuses what the pinned Kata asks by %s', async ([, runtime, failure]) => {
    const refusing = withClh((step) =>
      step.includes(`(${runtime}, image)`) ? { fails: 'missing field `sock`' } : undefined,
    );

    const ran = run(clh, refusing);

    await (failure
      ? expect(ran).rejects.toThrow(failure)
      : expect(ran).resolves.toMatchObject({ 'kata-cmdline.4.1.0.go.image': 'missing field `sock`' }));
  });
});
