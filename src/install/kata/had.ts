import { join } from 'node:path';
import { type KataBuild, type KataRequest, kataPieces } from '../../domain/kata.ts';
import type { HadKata, KataLayout } from '../had-kata.ts';
import { binaryKind } from './binary-kind.ts';
import { cargoOf } from './cargo.ts';
import { treeOf } from './kata-cache.ts';
import type { KataKey } from './kata-keys.ts';
import { layoutOf } from './layout.ts';
import type { Replaceable } from './replacement.ts';

/** A Kata that is in the cache, as plans and machines take it. */
export async function hadKata(
  { label, source }: KataRequest,
  { digest, trust }: KataKey,
  cache: string,
  replaced: readonly string[] = [],
): Promise<HadKata> {
  const tree = treeOf(cache, digest);
  const found = await layoutOf(tree, source);
  const layout = { ...found, pieces: await piecesLeft(tree, found, replaced) };
  const build: KataBuild = {
    ...(label !== undefined && { label }),
    source,
    version: layout.version,
    digest,
    trust,
    runtimes: (['rust', 'go'] as const).filter((runtime) => layout.shims[runtime] !== undefined),
    pieces: kataPieces.filter((piece) => layout.pieces[piece] !== undefined),
    replaced,
  };
  return { build, layout, tree, cargo: (signal) => cargoOf(cache, digest, signal) };
}

/**
 * What of a Kata can still be used: an agent of one's own is in the initrd alone, so a guest that boots the image would run
 * Kata's; and a replaced kernel has one form only, which need not be the one that Firecracker takes.
 */
async function piecesLeft(
  tree: string,
  { pieces }: KataLayout,
  replaced: readonly string[],
): Promise<KataLayout['pieces']> {
  const { image, vmlinux, ...others } = pieces;
  const isReplaced = (piece: Replaceable) => replaced.some((words) => words.startsWith(`${piece}=`));
  const hasVmlinux =
    vmlinux && !(isReplaced('kernel') && (await binaryKind(join(tree, vmlinux))).kind !== 'vmlinux');
  return {
    ...others,
    ...(image && !isReplaced('agent') && { image }),
    ...(hasVmlinux && { vmlinux }),
  };
}
