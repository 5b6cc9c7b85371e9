import { type Fragment, fragments } from './guest-kernel-symbols.ts';

/** `unknown`: the configuration does not name it. This kernel has no such symbol, or what it depends on is off. */
export type State = 'y' | 'm' | 'n' | 'unknown';

/** What a kernel is to Kata as a guest's. */
export interface GuestKernel {
  /**
   * `image`: it boots Kata's image as it is, having everything built in. `initrd`: it needs an initrd that loads
   * modules before the agent starts. `nothing`: something is off that no module brings.
   */
  readonly boots: 'image' | 'initrd' | 'nothing';
  /** The symbols that keep it from booting anything. */
  readonly missing: readonly string[];
  /** Every symbol that Kata wants, by its state; of a symbol with two names, that by which this kernel knows it. */
  readonly states: Readonly<Record<State, readonly string[]>>;
}

/** The names of all symbols, each once. */
export const symbolNames: readonly string[] = [...new Set(wordsOf(...roles()).flatMap(namesOf))];

/** Reads `CONFIG_X=y` and `# CONFIG_X is not set`; other lines are left out. */
export function guestKernelIn(config: string): GuestKernel {
  const known = new Map(
    [...config.matchAll(/^(?:CONFIG_(\w+)=([ym])|# CONFIG_(\w+) is not set)$/gm)].map(
      ([, on, state, off]) => [on ?? off ?? '', (state ?? 'n') as State] as const,
    ),
  );
  const seen = (symbol: string) => bestOf(namesOf(symbol), known);
  const all = (role: keyof Fragment, states: readonly State[]) =>
    wordsOf(role).every((symbol) => states.includes(seen(symbol).state));

  const isImage = all('essential', ['y']) && all('image', ['y']);
  const needed = isImage ? wordsOf('essential') : wordsOf('essential', 'initrd');
  const missing = needed
    .map(seen)
    .filter(({ state }) => state === 'n' || state === 'unknown')
    .map(({ name }) => name);

  const every = wordsOf(...roles()).map(seen);
  const inState = (state: State) => every.filter((one) => one.state === state).map(({ name }) => name);
  return {
    boots: bootsOf(isImage, missing),
    missing,
    states: { y: inState('y'), m: inState('m'), n: inState('n'), unknown: inState('unknown') },
  };
}

function bootsOf(isImage: boolean, missing: readonly string[]): GuestKernel['boots'] {
  if (missing.length > 0) {
    return 'nothing';
  }
  return isImage ? 'image' : 'initrd';
}

function bestOf(names: readonly string[], known: ReadonlyMap<string, State>): { name: string; state: State } {
  for (const state of ['y', 'm', 'n'] as const) {
    const name = names.find((one) => known.get(one) === state);
    if (name) {
      return { name, state };
    }
  }
  return { name: names[0] ?? '', state: 'unknown' };
}

function roles(): readonly (keyof Fragment)[] {
  return ['essential', 'image', 'initrd', 'optional'];
}

function wordsOf(...of: readonly (keyof Fragment)[]): readonly string[] {
  return of.flatMap((role) => fragments.flatMap((fragment) => fragment[role]?.split(' ') ?? []));
}

function namesOf(symbol: string): readonly string[] {
  return symbol.split('|');
}
