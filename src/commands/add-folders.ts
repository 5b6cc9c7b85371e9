import { type Command, Option } from 'commander';
import { folders } from './parsers.ts';

const distrosHelp = 'folder of releases, beside those that come along; of one id, these count';

/** Adds `--distros` and `--no-bundled`. */
export function addDistrosFolder(command: Command): Command {
  return command
    .option('--distros <dir>', distrosHelp)
    .option('--no-bundled', 'of what there is a folder for, nothing but what it has');
}

/** Adds `--distros`, `--scenarios` and `--no-bundled`: read them as `OwnFolders`. */
export function addFolders(command: Command): Command {
  return addDistrosFolder(command).addOption(
    new Option(
      '--scenarios <dir...>',
      'folders of scenarios, beside those that come along; of one id, these count',
    ).argParser(folders),
  );
}
