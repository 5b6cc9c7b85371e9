import type { Outcome } from './outcome.ts';

/** What is put back to what it was when a cell was last green. */
export const tryKinds = ['again', 'kata', 'packages', 'both'] as const;
export type TryKind = (typeof tryKinds)[number];

/** A red cell run again with one thing otherwise, or with nothing. */
export interface Try {
  readonly kind: TryKind;
  /** What it was run with, in words. */
  readonly what: string;
  /** With the newest packages, where those that it had are gone: of `again` alone. */
  readonly today?: true;
  /** Why it could not be tried, in words. */
  readonly cannot?: string;
  /** The run that it was; missing: it was not run. */
  readonly run?: string;
  /** Missing: it was not run, or came to no end. */
  readonly outcome?: Outcome;
}

/** `open`: no verdict, for whatever reason. */
export type Shade = 'red' | 'green' | 'open';

/** A flaky green is none: the cell was red on one clone of it. */
export function shadeOf({ outcome }: Pick<Try, 'outcome'>): Shade {
  if (outcome?.status === 'failed') {
    return 'red';
  }
  return outcome?.status === 'passed' && !outcome.flaky ? 'green' : 'open';
}

/**
 * What a table of tries means, a sentence each. It never names who is to blame: a retry is no swap on clones of one
 * template, and a last good Kata alone doesn't tell Kata's fault from what does not fit together.
 */
export function meaningOf(tries: readonly Try[]): readonly string[] {
  const shade = (kind: TryKind): Shade => {
    const found = tries.find((one) => one.kind === kind);
    return found ? shadeOf(found) : 'open';
  };
  const what = (kind: TryKind) => tries.find((one) => one.kind === kind)?.what ?? kind;
  const [again, kata, packages, both] = [shade('again'), shade('kata'), shade('packages'), shade('both')];

  if (tries.some(({ outcome }) => outcome?.status === 'passed' && outcome.flaky)) {
    return ['it is flaky: red on one clone and green on the next, so no row says anything; nobody is named'];
  }
  const isToday = tries.some(({ kind, today }) => kind === 'again' && today);
  if (again === 'green' && isToday) {
    return [
      'green again with the packages of today: it is not red each time, or what is newer mended it; those that it was red with are gone, so nobody is named',
    ];
  }
  if (again === 'green') {
    return [
      'green again with nothing changed: it is not red each time, or what made it red is neither in its packages nor in Kata (the host, the time, the load); nobody is named',
    ];
  }
  const first =
    again === 'red' ? [] : ['whether it is red each time is not known: it could not be run again as it was'];
  return [...first, ...follows(kata, packages, both, what)];
}

function follows(
  kata: Shade,
  packages: Shade,
  both: Shade,
  what: (kind: TryKind) => string,
): readonly string[] {
  if (kata === 'green' && packages === 'green') {
    return [
      'either of them alone turns it green: Kata and the packages do not fit each other any more; nobody is named',
    ];
  }
  if (both === 'red' && (kata === 'green' || packages === 'green')) {
    return ['green with one of them put back and red with both: this contradicts itself; nobody is named'];
  }
  if (kata === 'green') {
    return [
      `it follows Kata: green with ${what('kata')}, ${packages === 'red' ? 'red with the packages put back' : 'and the packages alone could not be tried'}`,
      'that is where to look, and no blame yet: whether Kata broke it, or only does not fit this VMM any more, takes swaps of single parts (katafarm explain)',
    ];
  }
  if (packages === 'green') {
    return [
      `it follows the packages: green with ${what('packages')}, ${kata === 'red' ? 'red with the last good Kata' : 'and the last good Kata could not be tried'}`,
      'that is where to look, and no blame yet: katafarm bisect GOOD BAD tells which packages changed, and puts single ones back',
    ];
  }
  if (both === 'green') {
    return kata === 'red' && packages === 'red'
      ? [
          'only both together turn it green: Kata and the packages changed, each enough to keep it red; nobody is named',
        ]
      : ['green with both put back: it is in one of them, and which could not be tried; nobody is named'];
  }
  if (both === 'red' || (kata === 'red' && packages === 'red')) {
    return [
      'red whatever was put back: it is in neither alone; what else changed since (host, outer QEMU, scenarios) says katafarm diff GOOD BAD; nobody is named',
    ];
  }
  const red = [
    ...(kata === 'red' ? ['the last good Kata'] : []),
    ...(packages === 'red' ? ['the last good packages'] : []),
  ];
  return red.length > 0
    ? [`red with ${red[0]} as well: it is not in that alone; the rest could not be tried; nobody is named`]
    : ['nothing that it was green with could be tried: this says nothing of whose fault it is'];
}
