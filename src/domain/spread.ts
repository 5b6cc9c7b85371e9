import type { Piece } from './atoms.ts';

/** Pieces that go together, and how long they take with the preparation of each batch that they are of. */
export interface Bin {
  readonly pieces: readonly Piece[];
  readonly ms: number;
}

export interface Spread {
  readonly bins: readonly Bin[];
  readonly fullest: readonly Piece[];
  readonly fullestMs: number;
  /** By how much the fullest bin exceeds the mean. */
  readonly imbalance: number;
}

/**
 * Longest pieces first, each to where it makes least; then single pieces move, or change places, while that helps. `before`: a
 * spread of the same cells that is to be bettered, however its pieces were cut.
 */
export function spread(
  pieces: readonly Piece[],
  of: number,
  prepareMs: readonly number[],
  before?: Spread,
): Spread {
  const loadOf = (own: readonly Piece[]) => {
    const batches = new Set(own.map(({ batch }) => batch));
    const prepare = [...batches].reduce((sum, batch) => sum + (prepareMs[batch] ?? 0), 0);
    return own.reduce((sum, { ms }) => sum + ms, prepare);
  };
  const all = pieces.filter(({ cells }) => cells.length > 0);
  const starts = [begun(all, of, loadOf), ...(before ? [asBefore(all, before)] : [])];
  const [first, ...others] = starts.map((bins) => {
    for (let round = 0; round < most && improve(bins, loadOf); round += 1) {
      // Each round lowers the fullest bin, or ends it.
    }
    return told(bins, loadOf);
  });
  return others.reduce((a, b) => (b.fullestMs < a.fullestMs ? b : a), first ?? told([], loadOf));
}

type LoadOf = (own: readonly Piece[]) => number;

function begun(pieces: readonly Piece[], of: number, loadOf: LoadOf): Piece[][] {
  const bins: Piece[][] = Array.from({ length: of }, () => []);
  for (const piece of pieces.toSorted((a, b) => loadOf([b]) - loadOf([a]))) {
    const loads = bins.map((own) => loadOf([...own, piece]));
    bins[loads.indexOf(Math.min(...loads))]?.push(piece);
  }
  return bins;
}

/** Each piece in the bin that had its first cell. */
function asBefore(pieces: readonly Piece[], { bins }: Spread): Piece[][] {
  const homes = new Map(
    bins.flatMap((bin, index) => bin.pieces.flatMap(({ cells }) => cells.map((id) => [id, index] as const))),
  );
  return bins.map((_, index) =>
    pieces.filter(({ cells: [id] }) => id !== undefined && homes.get(id) === index),
  );
}

function told(bins: readonly (readonly Piece[])[], loadOf: LoadOf): Spread {
  const full = bins.map((own) => ({ pieces: own, ms: loadOf(own) }));
  const fullest = full.reduce((a, b) => (b.ms > a.ms ? b : a), { pieces: [], ms: 0 });
  const mean = full.reduce((sum, { ms }) => sum + ms, 0) / Math.max(1, full.length);
  const imbalance = mean > 0 ? fullest.ms / mean - 1 : 0;
  return { bins: full, fullest: fullest.pieces, fullestMs: fullest.ms, imbalance };
}

/** So often at most; in practice a handful. */
const most = 200;

/** Takes the best single step that makes the fuller of two bins less full; false: there is none. */
function improve(bins: Piece[][], loadOf: (own: readonly Piece[]) => number): boolean {
  const loads = bins.map(loadOf);
  const from = loads.indexOf(Math.max(...loads));
  const source = bins[from] ?? [];
  let best = {
    peak: loads[from] ?? 0,
    to: -1,
    gives: undefined as Piece | undefined,
    takes: undefined as Piece | undefined,
  };

  for (const [to, target] of bins.entries()) {
    for (const gives of to === from ? [] : source) {
      for (const takes of [undefined, ...target]) {
        const left = [...source.filter((one) => one !== gives), ...(takes ? [takes] : [])];
        const right = [...target.filter((one) => one !== takes), gives];
        const peak = Math.max(loadOf(left), loadOf(right));
        // A millisecond less is no progress worth a round.
        if (peak < best.peak - 1) {
          best = { peak, to, gives, takes };
        }
      }
    }
  }

  const { to, gives, takes } = best;
  const target = bins[to];
  if (!target || !gives) {
    return false;
  }
  bins[from] = [...source.filter((one) => one !== gives), ...(takes ? [takes] : [])];
  bins[to] = [...target.filter((one) => one !== takes), gives];
  return true;
}
