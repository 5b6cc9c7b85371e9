import type { InstalledStack } from '../../src/domain/installed-kata.ts';
import type { StackId } from '../../src/domain/stack.ts';
import type { Scenario } from '../../src/scenario.ts';
import { classed } from '../parts/classed.ts';
import { between, chooseStack, kataStack } from '../parts/kata.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

// A template never shows whether what was set up lives through a boot. One machine does for all stacks of a release.
export default {
  title: 'After a boot a container of Kata runs to its end, on every stack in turn',
  on: ['qemu'],
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 60,

  async run(t) {
    const { at, kata } = await kataStack(t);
    const before = await t.guest.$`cat /proc/sys/kernel/random/boot_id`.quiet().text();
    await t.step('boot the machine', () => t.guest.reboot(), 180);
    const after = await t.guest.$`cat /proc/sys/kernel/random/boot_id`.quiet().text();
    if (before === after) {
      throw new Error('the machine was to be booted, and was not');
    }

    const red = new Map<string, Error>();
    await between(t, at, async () => {
      for (const [id, stack] of Object.entries(kata.stacks) as [StackId, InstalledStack][]) {
        await chooseStack(t, at, id, stack);
        await t.step(`run a container by Kata on ${id}`, async () => {
          try {
            await t.fact(`cold.${id}`, await kernelOf(t, at, id));
          } catch (error) {
            red.set(id, error as Error);
            await t.fact(`cold.${id}`, `failed: ${(error as Error).message.split('\n')[0]}`);
          }
        });
      }
    });

    const own = red.get(t.cell.stack);
    if (own) {
      throw own;
    }
  },
} satisfies Scenario;

/** The guest's kernel. Throws where it is the machine's own. */
async function kernelOf(t: Parameters<Scenario['run']>[0], at: string, id: StackId): Promise<string> {
  const name = `cold-${id.replaceAll(/[^a-z]/g, '-')}`;
  const said = await told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh
    run_to_end kata ${name} "$kata_image" ${name} sh -c 'echo boot=$(cat /proc/sys/kernel/random/boot_id) && echo kernel=$(uname -r)'
    cat ${`${name}.out`}
    echo "machine.boot=$(cat /proc/sys/kernel/random/boot_id)"`);
  const { boot, kernel, 'machine.boot': machine } = pairsIn(said);

  if (!boot || !kernel || boot === machine) {
    throw classed('guest-kernel-same', `the container is in no VM, but on kernel ${kernel} of the machine`);
  }
  return kernel;
}
