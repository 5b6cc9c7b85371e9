import { isNotPackaged, isPackaged } from './claim.ts';
import { compilers, type Distro, packagesOf } from './distro.ts';
import { type Part, parts } from './stack.ts';
import { compareVersions } from './version.ts';

/** What a release's package index says of one of its claims. */
export interface OnlineRemark {
  readonly release: Distro['id'];
  readonly about: Part | 'rust' | 'go';
  /**
   * `right`: as the file says. `wrong`: the file is to be mended. `news`: something that it says is missing is there by
   * now. `unsure`: the file says that nobody knows, and a package of that name is not there.
   */
  readonly kind: 'right' | 'wrong' | 'news' | 'unsure';
  readonly text: string;
}

/** What Kata is built with: the oldest compilers that its sources take. */
export interface Needed {
  readonly kata: string;
  readonly rust: string;
  readonly go: string;
}

/** Of each part, every name that some release packages it by, and its own: what a release that lacks it may call it. */
export function namesByPart(distros: readonly Distro[]): ReadonlyMap<Part, readonly string[]> {
  return new Map(
    parts.map((part) => {
      const names = distros.flatMap(({ parts: all }) => {
        const claim = all[part];
        return isPackaged(claim) ? [claim.package] : [];
      });
      return [part, [...new Set([part, ...names])]] as const;
    }),
  );
}

/** Names that say little: a kernel is called something else everywhere, and is nowhere missing. */
const common: readonly Part[] = ['kernel'];

/** Every name that is asked for, of a release. */
export function namesOf(distro: Distro, names: ReturnType<typeof namesByPart>): ReadonlySet<string> {
  const own = parts.flatMap((part) => {
    const claim = distro.parts[part];
    return isPackaged(claim) ? [claim.package] : (names.get(part) ?? []);
  });
  return new Set([...own, ...compilers.flatMap((compiler) => packagesOf(distro.toolchain, compiler))]);
}

/** Compares a release's claims with the versions that its index has, by name, the best last. Pure. */
export function judgeOnline(
  distro: Distro,
  found: ReadonlyMap<string, readonly string[]>,
  names: ReturnType<typeof namesByPart>,
  needed: Needed,
): readonly OnlineRemark[] {
  const newest = (name: string) => found.get(name)?.toSorted(compareVersions).at(-1);
  const remark = (about: OnlineRemark['about'], kind: OnlineRemark['kind'], text: string): OnlineRemark => ({
    ...{ release: distro.id, about, kind, text },
  });

  const claims = parts.map((part): OnlineRemark => {
    const claim = distro.parts[part];
    if (isPackaged(claim)) {
      const version = newest(claim.package);
      return version === undefined
        ? remark(part, 'wrong', `its index has no package ${claim.package}`)
        : remark(part, 'right', `${claim.package} ${version}${differs(claim.version, version)}`);
    }
    const others = common.includes(part) ? [] : (names.get(part) ?? []);
    const there = others.flatMap((name) => (newest(name) === undefined ? [] : [`${name} ${newest(name)}`]));
    if (there.length > 0) {
      return remark(
        part,
        'news',
        `is packaged: ${there.join(', ')}; look up its path, and say so in the file`,
      );
    }
    return isNotPackaged(claim)
      ? remark(part, 'right', 'not packaged')
      : remark(part, 'unsure', `no package ${others.join(', ')}`);
  });

  return [...claims, ...judgedCompilers(distro, newest, needed)];
}

/** Of each compiler, by all its packages; which of them can build Kata is said where there are several. */
function judgedCompilers(
  { id, toolchain }: Distro,
  newest: (name: string) => string | undefined,
  needed: Needed,
): readonly OnlineRemark[] {
  return compilers.flatMap((about): OnlineRemark[] => {
    const [usual, ...others] = packagesOf(toolchain, about);
    if (usual === undefined) {
      return [];
    }
    const missing = [usual, ...others].filter((name) => newest(name) === undefined);
    if (missing.length > 0) {
      const text = `its index has no package ${missing.join(', ')}`;
      return [{ release: id, about, kind: 'wrong', text }];
    }
    const can = (name: string) =>
      compareVersions(newest(name)?.replace(/^\d+:/, '') ?? '', needed[about]) >= 0 ? 'can' : "can't";
    const asked = `build Kata ${needed.kata}, which takes ${about} ${needed[about]} or newer`;
    const beside = others.map((name) => `; ${name} ${newest(name)}: ${can(name)}`).join('');
    const text = `${usual} ${newest(usual)}: ${can(usual)} ${asked}${beside}`;
    return [{ release: id, about, kind: 'right', text }];
  });
}

function differs(claimed: string | undefined, version: string): string {
  return claimed === undefined || version.includes(claimed) ? '' : ` (the file was written of ${claimed})`;
}
