import { type Command, Option } from 'commander';
import { UserError } from '../errors.ts';
import { type OverlayChoice, withoutSecrets } from '../install/overlay/parts.ts';
import { folders, refuseRelease } from './parsers.ts';

/** Packages on top of a release, and whether the run is made without them as well. */
export interface OverlayOptions extends OverlayChoice {
  /** False: the run is not made without the overlay first, and nothing is compared. */
  readonly base?: boolean;
}

/** Adds `--with-package`, `--with-repo`, `--enable-repo`, `--no-base`: read them as {@link OverlayOptions}. */
export function addOverlay(command: Command): Command {
  return addPackages(command, {
    what: 'install these packages, and what they need, on top of the release; the run is made without them first',
    conflicts: ['resume', 'against', 'watch', 'expect'],
  }).option('--no-base', 'not without the overlay first: nothing is compared');
}

/** The same without `--no-base`; `what` describes the first. */
export function addPackages(
  command: Command,
  { what, conflicts }: { readonly what: string; readonly conflicts: string[] },
): Command {
  return command
    .addOption(new Option('--with-package <file...>', what).argParser(packages).conflicts(conflicts))
    .addOption(
      new Option('--with-repo <repository...>', 'the same with whatever a folder or an address has newer')
        .argParser(folders)
        .conflicts(conflicts),
    )
    .addOption(
      new Option(
        '--enable-repo <name...>',
        "the same with a repository of the release's own mirror: proposed-updates, backports, experimental",
      )
        .argParser(suites)
        .conflicts(conflicts),
    );
}

/** As they can be typed again, but for the secrets of an address. */
export function overlayCommand({ withPackage = [], withRepo = [], enableRepo = [], base }: OverlayOptions) {
  return [
    ...withPackage.flatMap((path) => ['--with-package', path]),
    ...withRepo.flatMap((said) => ['--with-repo', withoutSecrets(said)]),
    ...enableRepo.flatMap((name) => ['--enable-repo', name]),
    ...(base === false ? ['--no-base'] : []),
  ];
}

function packages(text: string, before: readonly string[] = []): readonly string[] {
  refuseRelease('--with-package', text);
  return [...before, text];
}

/** A name stands in a file of the machine's, and in a shell's words. */
function suites(text: string, before: readonly string[] = []): readonly string[] {
  refuseRelease('--enable-repo', text);
  if (!/^[a-z][a-z0-9.+-]*$/.test(text)) {
    throw new UserError(
      `cannot enable the repository "${text}": say its name on the release's mirror, as in trixie-backports`,
    );
  }
  return [...before, text];
}
