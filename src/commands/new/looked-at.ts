import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { discoveringScript } from '../../install/discover/script.ts';
import { pristine } from '../bench-machine.ts';
import type { Context } from '../context.ts';
import type { NewDistroOptions } from '../new-distro.ts';
import { ensureTools } from '../tools.ts';
import { openWorkbench, putOnWorkbench, releasesOf } from '../workbench.ts';
import { bySsh, onThisMachine, outputOf } from './look-at.ts';

/** What the machine of the user's choice prints. */
export async function lookedAt(context: Context, options: NewDistroOptions): Promise<string> {
  const { local, ssh, from, refresh = false, quiet } = options;
  const given = [local, ssh, from].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new UserError(
      'cannot tell which machine is meant: say one of --local, --ssh root@host, --from RELEASE',
    );
  }
  const { signal, err } = context;
  const script = discoveringScript({ refresh: refresh || from !== undefined });
  const tell = (what: string) =>
    quiet || err(`looking at ${what}; what is not installed there is asked of its index\n`);
  if (from !== undefined) {
    return await onClone(context, from, script, options);
  }
  tell(ssh ?? 'this machine');
  return await (ssh === undefined ? onThisMachine(script, signal) : bySsh(ssh, script, signal));
}

/** A machine of the farm's own, gone when it was looked at. */
async function onClone(
  context: Context,
  word: string,
  script: string,
  options: NewDistroOptions,
): Promise<string> {
  const { cwd, err, signal } = context;
  const file = resolve(cwd, word);
  const isImage = await isFile(file);
  const { like } = options;
  if (isImage && like === undefined) {
    throw new UserError(
      `cannot boot the image ${word}: say which release of the farm's it is like, as in --like fedora-44; its packages are asked for by those names`,
    );
  }
  const [release] = await releasesOf(context, [isImage && like !== undefined ? like : word], options);
  if (!release) {
    throw new TypeError('no release was chosen');
  }
  const brought = { provider: 'qemu:cloud', image: { [release.id]: file } } as const;
  const how = isImage ? { ...options, ...brought } : options;
  await ensureTools(context, { yes: options.yes ?? false });
  await using bench = await openWorkbench(context, 'new-distro', how);
  await using machine = await pristine(await putOnWorkbench(bench, release), true);
  if (!options.quiet) {
    err(`looking at a machine of ${isImage ? word : release.id}; its index is read anew\n`);
  }
  return await outputOf(machine.spawn(script, { signal }), `the machine of ${word}`);
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (one) => one.isFile(),
    () => false,
  );
}
