import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Distro } from '../domain/distro.ts';
import { type InstalledKata, type InstalledStack, kataFile } from '../domain/installed-kata.ts';
import type { KataPiece } from '../domain/kata.ts';
import type { StackId } from '../domain/stack.ts';
import type { Guest } from '../machine/guest.ts';
import { qemuData, writeFolder } from './swap-data.ts';

/** Where in a machine the part is that is to be replaced. */
export type Target = (guest: Guest) => Promise<string>;

/** Where a release has it. */
export const distroTarget =
  (path: string): Target =>
  async () =>
    path;

/** Where a stack's configuration has it. */
export const kataTarget =
  (stack: StackId, key: 'vmm' | 'virtiofsd' | 'kernel' | 'rootfs'): Target =>
  async ({ $ }) => {
    const installed = JSON.parse(await $`cat ${kataFile}`.quiet().text()) as InstalledKata;
    const part = (installed.stacks[stack] as InstalledStack | undefined)?.[key];
    if (!part) {
      throw new Error(`cannot swap what ${stack} does not have: its ${key}`);
    }
    return part.path;
  };

/** A file of a Kata, and what it is put over. */
export interface Replacing {
  readonly tree: string;
  /** In the tree, as in a machine that has all of it. */
  readonly path: string;
  readonly piece: KataPiece;
  readonly target: Target;
}

/** Where donors are put in a machine: not in memory, which may refuse to execute. */
const usualShelf = '/var/lib/katafarm/donors';

/**
 * Puts a file of Kata's over another, by a bind mount: the path stays the same, so that the same profile holds, and the
 * label is made the same. Rejects unless the path then shows the donor's bytes.
 */
export async function putOver(
  guest: Guest,
  { tree, path, piece, target }: Replacing,
  shelf = usualShelf,
): Promise<void> {
  const { $, push } = guest;
  const place = await target(guest);
  const file = join(tree, path);
  const sha256 = await digestOf(file);
  const donor = `${shelf}/${basename(path)}`;

  const there = await $`mkdir -p ${shelf}
    if [ -f ${path} ] && [ "$(sha256sum <${path} | cut -d ' ' -f 1)" = ${sha256} ]; then
      cp ${path} ${donor} && echo yes
    fi`
    .nothrow()
    .text();
  if (there.trim() !== 'yes') {
    await push(file, donor);
  }
  const shown = await $`place=$(readlink -f ${place})
    [ -e "$place" ] || : >"$place"
    chmod 755 ${donor}
    chcon --reference="$place" ${donor} 2>/dev/null || true
    mount --bind ${donor} "$place"
    sha256sum <${place} | cut -d ' ' -f 1`.text();
  if (shown.trim() !== sha256) {
    throw new Error(`cannot swap ${place}: it shows ${shown.trim()}, and the donor is ${sha256}`);
  }
  if (piece === 'qemu') {
    await bringData(guest, place, tree, shelf);
  }
}

/** A QEMU looks for its firmware relative to where it stands itself. */
async function bringData({ $, push }: Guest, place: string, tree: string, shelf: string): Promise<void> {
  const data = await qemuData(tree);
  if (data === undefined) {
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'katafarm-swap-'));
  try {
    const archive = join(folder, 'data.tar.gz');
    await writeFolder(join(tree, 'opt/kata', data), archive);
    await push(archive, `${shelf}/data.tar.gz`);
    await $`data=$(${place} -L help | grep ${`/${data}$`} | head -n 1)
      mkdir -p "$data" && tar -C "$data" -xzf ${shelf}/data.tar.gz
      ls "$data"`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** There is nothing in the machine that a swap could change: it says nothing, and need not be tried again. */
export class NothingToSwap extends Error {
  override readonly name = 'NothingToSwap';
}

/**
 * Takes the security module's hand off the machine. Rejects with a NothingToSwap where it had none on it, and with
 * another error where it keeps it.
 */
export async function lsmOff({ $ }: Guest, lsm: Exclude<Distro['lsm'], 'none'>): Promise<void> {
  if (lsm === 'selinux') {
    const mode = (await $`getenforce`.nothrow().text()).trim();
    if (mode !== 'Enforcing') {
      throw new NothingToSwap(`SELinux is ${mode || 'not there'}: it denies nothing here`);
    }
    await $`setenforce 0; [ "$(getenforce)" = Permissive ]`;
    return;
  }
  const profiles = '/sys/kernel/security/apparmor/profiles';
  const enforced = await $`grep -c '(enforce)$' ${profiles} || true`.text();
  if (Number(enforced) === 0) {
    throw new NothingToSwap('no profile of AppArmor is enforced here: it denies nothing');
  }
  await $`sed 's/ ([a-z]*)$//' ${profiles} | grep -v // | while IFS= read -r profile; do
      printf %s "$profile" >/sys/kernel/security/apparmor/.remove
    done
    [ ! -s ${profiles} ]`;
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
