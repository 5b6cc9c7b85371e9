import { createReadStream } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { UserError } from '../../errors.ts';
import { cpio } from '../../machine/cpio.ts';
import type { HadKata } from '../had-kata.ts';
import { type BinaryKind, binaryKind } from './binary-kind.ts';
import { unreadable } from './copy-tree.ts';
import { pieceFiles, shimFiles } from './layout-files.ts';
import type { Replacement } from './replacement.ts';
import { kataRoot } from './tree-paths.ts';

/** What is to be at a path of a tree, whatever was there. */
export type Change =
  | { readonly kind: 'file'; readonly mode: 0o755 | 0o644; readonly content: () => AsyncIterable<Uint8Array> }
  | { readonly kind: 'link'; readonly target: string };

/** What has to change in a Kata's tree, by path below it. Looks at each file first. */
export async function changesFor(
  had: HadKata,
  replacements: readonly Replacement[],
): Promise<ReadonlyMap<string, Change>> {
  const changes = new Map<string, Change>();
  for (const replacement of replacements) {
    const kind = await kindOf(replacement);
    for (const [path, change] of changesOf(had, replacement, kind)) {
      changes.set(path, change);
    }
  }
  return changes;
}

function changesOf(
  had: HadKata,
  { piece, path }: Replacement,
  kind: 'program' | 'vmlinux' | 'bzImage',
): readonly (readonly [string, Change])[] {
  const program: Change = { kind: 'file', mode: 0o755, content: () => createReadStream(path) };
  switch (piece) {
    case 'shim':
      return [[`${kataRoot}/${had.layout.shims.rust ? shimFiles.rust : shimFiles.go}`, program]];
    case 'virtiofsd':
      return [[`${kataRoot}/${pieceFiles.virtiofsd}`, program]];
    case 'kernel':
      return kernelChanges({ ...program, mode: 0o644 }, kind === 'vmlinux' ? 'vmlinux' : 'vmlinuz');
    case 'agent':
      return agentChanges(had, path);
    default:
      return piece satisfies never;
  }
}

/**
 * Both names lead to the one kernel: Kata's configuration files name `vmlinux.container`, and the VMMs but Firecracker tell
 * the forms apart by content.
 */
function kernelChanges(file: Change, form: 'vmlinux' | 'vmlinuz'): readonly (readonly [string, Change])[] {
  const name = `${form}-replaced`;
  const link: Change = { kind: 'link', target: name };
  return [
    [`${kataRoot}/share/kata-containers/${name}`, file],
    [`${kataRoot}/${pieceFiles.kernel}`, link],
    [`${kataRoot}/${pieceFiles.vmlinux}`, link],
  ];
}

const initrd = 'kata-containers-initrd-replaced.img';

/** A kernel unpacks one archive after the other: what comes second wins. Kata's initrd itself stays as it is. */
function agentChanges(had: HadKata, agent: string): readonly (readonly [string, Change])[] {
  if (!had.layout.pieces.initrd) {
    throw new UserError(
      `cannot use --replace agent=${agent}: this Kata has no initrd, which is where an agent is put; take one that has ${pieceFiles.initrd}`,
    );
  }
  async function* content() {
    yield* createReadStream(await realpath(join(had.tree, kataRoot, pieceFiles.initrd)));
    yield await agentArchive(agent);
  }
  return [
    [`${kataRoot}/share/kata-containers/${initrd}`, { kind: 'file', mode: 0o644, content }],
    [`${kataRoot}/${pieceFiles.initrd}`, { kind: 'link', target: initrd }],
  ];
}

/**
 * The agent as init, as in Kata's own initrd (AGENT_INIT=yes), and by its other name. No folders: one would take the place of
 * a link of that name, and `sbin` is one in a merged /usr.
 */
async function agentArchive(agent: string): Promise<Buffer> {
  return await promisify(gzip)(
    cpio([
      { path: 'sbin/init', mode: 0o100755, data: await readFile(agent) },
      { path: 'usr/bin/kata-agent', mode: 0o120777, data: Buffer.from('/sbin/init') },
    ]),
  );
}

async function kindOf({ piece, path }: Replacement): Promise<'program' | 'vmlinux' | 'bzImage'> {
  const found = await binaryKind(path).catch((error: unknown): BinaryKind => {
    throw unreadable(path, error);
  });
  if (found.kind === 'other') {
    throw unfit(piece, path, found.fault);
  }
  if ((piece === 'kernel') === (found.kind === 'program')) {
    throw unfit(
      piece,
      path,
      piece === 'kernel' ? 'is a program and no kernel' : 'is a kernel and no program',
    );
  }
  return found.kind;
}

function unfit(piece: string, path: string, fault: string): UserError {
  const wanted = piece === 'kernel' ? 'a bzImage or vmlinux' : 'a program';
  return new UserError(
    `cannot use --replace ${piece}=${path}: the file ${fault}; give ${wanted} that was built for amd64`,
  );
}
