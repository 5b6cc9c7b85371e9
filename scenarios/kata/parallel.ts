import type { Scenario } from '../../src/scenario.ts';
import { between, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

/** What a container is allowed, and what Kata adds to it at most: the Rust runtime makes the guest as large as that. */
const allowedMiB = 512;
const overheadMiB = 64;
/** What a sandbox takes beside its guest's memory: shim, VMM, virtiofsd. */
const besideMiB = 128;
const most = 4;
const least = 2;
const rounds = ['first', 'second'] as const;

export default {
  title: 'Several containers of Kata start and end at once, each in a guest of its own, and leave nothing',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 150,

  async run(t) {
    const { at, memoryMiB, runtime } = await kataStack(t, ['sandbox', 'parallel']);
    const guestMiB = runtime === 'rust' ? allowedMiB + overheadMiB : memoryMiB;
    const options = runtime === 'rust' ? ['--memory-limit', String(allowedMiB * 2 ** 20)] : [];
    const { $ } = t.guest;

    const room = pairsIn(
      await told($`cd ${at}
        echo "shm=$(df -P -m /dev/shm | awk 'NR == 2 { print $4 }')"
        echo "memory=$(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo)"
        echo "processors=$(nproc)"`),
    );
    const byMemory = Math.floor(Number(room['memory']) / (guestMiB + besideMiB));
    const carried = Math.min(Math.floor(Number(room['shm']) / guestMiB), byMemory);
    if (carried < least) {
      t.skip(`this machine carries ${carried} guest of ${guestMiB} MiB at once, and it takes ${least}`);
    }
    // More than it has processors for would only show how slow it is.
    const count = Math.min(most, carried, Math.max(least, Number(room['processors'])));
    await t.fact('parallel.count', count);

    await between(t, at, async () => {
      await t.step('remember what is there before', () =>
        told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh; remember_traces`),
      );
      for (const round of rounds) {
        await t.step(`${count} at once, the ${round} time`, () =>
          told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh; . ./parallel.sh
            start_all ${round} ${count} ${options}
            each_its_own ${round} ${count}
            end_all ${round} ${count}
            expect_nothing_left`),
        );
      }
    });
  },
} satisfies Scenario;
