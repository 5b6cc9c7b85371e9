import { type Arch, archOfMachine } from '../../domain/arch.ts';
import {
  type Compiler,
  type Distro,
  type PackageManagerId,
  packageManagers,
  type Toolchain,
} from '../../domain/distro.ts';
import { type Part, parts } from '../../domain/stack.ts';
import { refreshAnswer } from '../managers/answer.ts';
import type { PackageManager } from '../managers/package-manager.ts';
import { isSupported, managers } from '../managers/table.ts';
import { type OsRelease, osReleaseOf } from './os-release.ts';
import { offersIn, type PartFound, partIn } from './part-found.ts';
import { type Section, sectionsOf } from './sections.ts';

/** What a machine tells of its distribution. */
export interface Discovered {
  readonly os: OsRelease;
  /** As `uname -m` says it, where that is none of the farm's. */
  readonly arch: Arch | { readonly strange: string };
  /** Undefined: the script knows no such family. */
  readonly packageManager: PackageManagerId | undefined;
  readonly lsm: Distro['lsm'];
  readonly parts: Readonly<Record<Part, PartFound>>;
  readonly toolchain: Toolchain;
  /** Why its index could not be read anew, in the package manager's words; missing: it was, or was not asked to be. */
  readonly unread?: string;
  /** Dates of releases by distro-info-data, as CSV; empty where there are none. */
  readonly dates: string;
  /** Whether it printed everything. */
  readonly complete: boolean;
}

/** Reads what the discovering script printed. */
export function discoveredIn(output: string): Discovered {
  const sections = sectionsOf(output);
  const text = (...words: readonly string[]) =>
    sections.find(({ words: own }) => own.join(' ') === words.join(' '))?.text ?? '';
  const machine = text('arch').trim();
  const packageManager = packageManagers.find((id) => id === text('manager').trim());
  const row = packageManager && managers[packageManager];
  const asked = row && isSupported(row) ? row : undefined;
  const offers = (what: Part | 'rust' | 'go') => (asked ? offersIn(sections, asked, what) : []);
  return {
    os: osReleaseOf(text('os-release')),
    arch: archOfMachine(machine) ?? { strange: machine },
    packageManager,
    lsm: lsmOf(text('lsm'), text('selinux'), text('apparmor')),
    parts: Object.fromEntries(
      parts.map((part) => [part, partIn(part, text, offers(part), asked)]),
    ) as Discovered['parts'],
    toolchain: toolchainIn((compiler) => offers(compiler).map(({ package: name }) => name)),
    ...unreadIn(sections, asked),
    dates: text('dates'),
    complete: sections.some(({ words }) => words[0] === 'end'),
  };
}

/** The first that the index has of each compiler, and beside it the others. */
function toolchainIn(named: (compiler: Compiler) => readonly string[]): Toolchain {
  const [[rust, ...rusts], [go, ...gos]] = [named('rust'), named('go')];
  const alternatives = { ...(rusts.length > 0 && { rust: rusts }), ...(gos.length > 0 && { go: gos }) };
  return {
    ...(rust !== undefined && { rust }),
    ...(go !== undefined && { go }),
    ...(Object.keys(alternatives).length > 0 && { alternatives }),
  };
}

function unreadIn(
  sections: readonly Section[],
  manager: PackageManager | undefined,
): Pick<Discovered, 'unread'> {
  const indexed = sections.find(({ words }) => words[0] === 'indexed');
  if (!indexed || !manager) {
    return {};
  }
  const ended = { code: Number(indexed.words[1]), out: indexed.text, err: '' };
  const { kind, said } = refreshAnswer(manager, ended);
  return kind === 'done' ? {} : { unread: said };
}

/** Of a running kernel, else what is configured: a container says nothing of its own. */
function lsmOf(running: string, selinux: string, apparmor: string): Distro['lsm'] {
  const active = running.trim().split(',');
  if (active.includes('selinux') || (running.trim() === '' && /^(enforcing|permissive)$/m.test(selinux))) {
    return 'selinux';
  }
  return active.includes('apparmor') || (running.trim() === '' && apparmor !== '') ? 'apparmor' : 'none';
}
