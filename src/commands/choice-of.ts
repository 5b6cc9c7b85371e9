import { Command } from 'commander';
import type { OverlayChoice } from '../install/overlay/parts.ts';
import { addShard } from './add-shard.ts';
import {
  addMachines,
  addRunning,
  addSelection,
  type MachineOptions,
  type RunOptions,
  type Selection,
} from './options.ts';

/** What a run's command line chose, read again from its journal. */
export function choiceOf(command: readonly string[]): Selection & MachineOptions {
  return read(addMachines(addSelection(new Command('run'))), command);
}

/** The same with how it was run: scripts that changed its machines among them. */
export function mannerOf(command: readonly string[]): Selection & MachineOptions & RunOptions {
  return read(addRunning(addMachines(addSelection(new Command('run')))), command);
}

/** The packages that it put on top of its releases; all of it is there, empty where there is none. */
export function overlayOf(command: readonly string[]): Required<OverlayChoice> {
  const { withPackage = [], withRepo = [], enableRepo = [] } = mannerOf(command);
  return { withPackage, withRepo, enableRepo };
}

function read<T extends object>(reader: Command, command: readonly string[]): T {
  return addShard(reader)
    .argument('[distro...]')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parse([...command], { from: 'user' })
    .opts<T>();
}
