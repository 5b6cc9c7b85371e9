import type { Lifecycle } from '../../domain/distro.ts';
import { UserError } from '../../errors.ts';
import type { Discovered } from '../../install/discover/discovered.ts';
import { isRolling } from '../../install/discover/os-release.ts';

/** What a person says of it, because a machine doesn't. */
export interface GivenDates {
  readonly released?: string;
  readonly eol?: string;
}

/** Where dates were found. */
type Dated = Partial<Pick<Lifecycle, 'released' | 'eol' | 'lts'>> & { readonly from: string };

/**
 * A release's life: by the command line, the machine's os-release, its list of releases, or the catalogue's own file of
 * the same name, in that order. Throws a UserError where nobody says when it was released.
 */
export function lifecycleOf(
  { os, dates }: Discovered,
  given: GivenDates,
  known: Lifecycle | undefined,
  place: string,
): Lifecycle {
  if (isRolling(os) && given.released === undefined) {
    return { rolling: true, source: `os-release of ${place}` };
  }
  const end = os.get('SUPPORT_END');
  const said: readonly Dated[] = [
    { ...given, from: 'whoever wrote this file' },
    { ...(end !== undefined && { eol: end }), from: `os-release of ${place}` },
    { ...datesIn(dates, os.get('VERSION_CODENAME') ?? ''), from: `distro-info-data of ${place}` },
    { ...known, from: known?.source ?? '' },
  ];
  const first = (key: 'released' | 'eol' | 'lts') => said.find((one) => one[key] !== undefined);
  const [released, eol, lts] = [first('released'), first('eol'), first('lts')];
  if (!released?.released) {
    throw new UserError(
      `cannot tell when ${os.get('PRETTY_NAME') ?? place} was released: it does not say; give --released YYYY-MM-DD, and --eol where it is known`,
    );
  }
  if (eol?.eol && eol.eol <= released.released) {
    throw new UserError(
      `cannot have a release of ${released.released} end on ${eol.eol}: look at --released and --eol`,
    );
  }
  const isLater = lts?.lts !== undefined && eol?.eol !== undefined && lts.lts > eol.eol;
  const sources = [released, eol, isLater ? lts : undefined].flatMap((one) => one?.from ?? []);
  return {
    rolling: false,
    released: released.released,
    ...(eol?.eol && { eol: eol.eol }),
    ...(isLater && { lts: lts.lts }),
    source: [...new Set(sources)].join(', and '),
  };
}

/** A row of distro-info-data's CSV, by the release's code name. */
function datesIn(csv: string, codename: string): Omit<Dated, 'from'> {
  const [head = [], ...rows] = csv
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const row = rows.find((one) => one[head.indexOf('series')] === codename && codename !== '');
  const at = (name: string) => row?.[head.indexOf(name)] || undefined;
  const [released, eol, lts] = [at('release'), at('eol'), at('eol-lts')];
  return { ...(released && { released }), ...(eol && { eol }), ...(lts && { lts }) };
}
