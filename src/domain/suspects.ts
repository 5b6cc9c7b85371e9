import type { Cell } from './cell.ts';
import type { Change } from './changes.ts';
import { needsKata } from './scenario.ts';

/**
 * What changed of all that a cell rests on, what is likeliest first: a lead for whoever looks into it, and no finding. How a run
 * was made, and digests that go with a version, say nothing that the others don't.
 */
export function suspectsOf(cell: Cell, changes: readonly Change[]): readonly Change[] {
  const own = changes.filter(({ of, release }) => {
    switch (of) {
      case 'package':
      case 'machine':
        return release === cell.distro;
      case 'kata':
        return needsKata({ id: cell.scenario });
      case 'host':
        return true;
      case 'manner':
      case 'input':
        return false;
      default:
        return of satisfies never;
    }
  });
  const rankOf = ({ of }: Change) => order.indexOf(of);
  return own.filter(({ name }) => !isDigest(name)).toSorted((a, b) => rankOf(a) - rankOf(b));
}

const order: readonly Change['of'][] = ['package', 'kata', 'machine', 'host'];

function isDigest(name: string): boolean {
  return /(?:\.sha256|, digest|^image\.(?:digest|built))$/.test(name);
}
