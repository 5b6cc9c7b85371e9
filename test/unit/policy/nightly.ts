import type { DistroId } from '../../../src/domain/distro.ts';
import { matrixOf } from '../../../src/domain/matrix.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { policy } from '../../../src/domain/policy.ts';
import type { Run } from '../../../src/domain/run.ts';
import { printed, type Support } from '../../../src/domain/support.ts';
import { kataLike } from '../../support/domain.ts';
import { passed, qemuCells, runLike } from '../domain/run-like.ts';

type Story = Parameters<typeof runLike>[0];
type Change = Readonly<Record<string, readonly Outcome[] | undefined>>;

/** Every cell of the qemu stack that `supported` takes, all green, with what is said otherwise. */
export function kataCells(release: DistroId, change: Change = {}): Story['cells'] {
  const ids = [...policy.kata.required.filter((id) => id !== 'mapping.selinux'), 'kata.uname-cold'];
  const places = ids.map((id) => `qemu/${id}`);
  return {
    ...qemuCells(release, change),
    ...Object.fromEntries(
      places.map((place) => [`${release}/${place}`, place in change ? change[place] : passed]),
    ),
  };
}

/** A night with Kata on hardware, on an image that was built for it. */
export function kataNight(on: string, change: Change = {}, story: Partial<Story> = {}): Run {
  return runLike({
    id: `night-${on}`,
    on,
    speed: 'kvm',
    cells: kataCells('debian-13', change),
    katas: [kataLike()],
    batchFacts: { 'image.built': `${on}T01:00:00.000Z`, 'image.digest': 'd1'.repeat(32) },
    ...story,
  });
}

/** What is said of a release's stack. */
export function supportIn(
  runs: readonly Run[],
  today: string,
  { release = 'debian-13', stack = 'qemu' } = {},
): Support & { readonly printed: string } {
  const found = matrixOf(runs, { today })
    .releases.find(({ distro }) => distro.id === release)
    ?.stacks.find((one) => one.stack === stack);
  if (!found) {
    throw new Error(`nothing was said of ${release}/${stack}`);
  }
  return { ...found, printed: printed(found) };
}
