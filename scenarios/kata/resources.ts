import assert from 'node:assert/strict';
import type { KataRuntime } from '../../src/domain/kata.ts';
import type { Scenario } from '../../src/scenario.ts';
import { classed } from '../parts/classed.ts';
import { between, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

/**
 * What Kata puts on top of a container's memory for the guest itself, at most (`overhead_memory`, 32 in 4.1's
 * configuration), and the share of a guest's memory that its kernel may keep for itself.
 */
const overheadMiB = 64;
const kernelsShare = 0.3;

export default {
  title: 'What a container of Kata is allowed of memory and processors is what it and its guest get',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 60,

  async run(t) {
    const { at, runtime, memoryMiB } = await kataStack(t);
    // Another than that of a sandbox of which nothing is asked, and enough for a guest.
    const allowedMiB = Math.max(256, Math.floor(memoryMiB / 4) * 2);
    const expected = { 'memory.max': String(allowedMiB * 2 ** 20), 'cpu.max': '100000 100000' };

    const look = (how: 'runc' | 'kata') =>
      told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh
        run_to_end ${how} ${`resources-${how}`} --memory-limit ${allowedMiB * 2 ** 20} --cpus 1 \
          --mount type=cgroup,src=cgroup,dst=/sys/fs/cgroup,options=ro "$kata_image" ${`resources-${how}`} sh -c ${inside}
        cat ${`resources-${how}.out`}`);

    const said = await between(t, at, async () => {
      await t.control('control: a container without a VM', async () => {
        const { 'memory.max': memory, 'cpu.max': cpu } = pairsIn(await look('runc'));
        assert.deepEqual({ 'memory.max': memory, 'cpu.max': cpu }, expected);
      });
      return await t.step('the same by Kata', () => look('kata'));
    });

    const seen = pairsIn(said);
    const memory = Math.round(Number(seen['memory.total']) / 1024);
    const processors = Number(seen['processors']);
    await t.fact('guest.memory.mib', memory);
    await t.fact('guest.processors', processors);

    for (const [key, value] of Object.entries(expected)) {
      if (seen[key] !== value) {
        throw classed('resources', `${key} in the container is ${seen[key] || 'missing'}, and not ${value}`);
      }
    }
    const { least, most } = window(allowedMiB, memoryMiB, runtime);
    if (!(memory >= least && memory <= most)) {
      const message = `a guest for ${allowedMiB} MiB has ${memory} MiB, and not ${least} to ${most}`;
      throw classed('resources', message);
    }
    // One for the container, and one for what Kata reckons for itself.
    if (processors !== 1 && processors !== 2) {
      throw classed('resources', `a guest for one processor has ${processors}`);
    }
  },
} satisfies Scenario;

/** Where a hierarchy of the whole guest is mounted, the container's own part of it is a folder below. */
const inside = `own=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
  [ -e "$own/memory.max" ] || own=/sys/fs/cgroup
  echo "memory.max=$(cat "$own/memory.max")"
  echo "cpu.max=$(cat "$own/cpu.max")"
  echo "processors=$(nproc)"
  echo "memory.total=$(sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo)"`;

/** The Rust runtime sizes the guest by the container (`static_sandbox_resource_mgmt`), the Go runtime adds to a sandbox. */
function window(
  allowedMiB: number,
  memoryMiB: number,
  runtime: KataRuntime,
): { readonly least: number; readonly most: number } {
  const most = allowedMiB + overheadMiB + (runtime === 'go' ? memoryMiB : 0);
  return { least: Math.floor(allowedMiB * (1 - kernelsShare)), most };
}
