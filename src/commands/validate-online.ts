import type { OnlineRemark } from '../domain/online.ts';
import { pinnedToolchain } from '../install/kata/pinned.ts';
import type { Folders } from '../load/folders.ts';
import { loadDistros } from '../load/load-distros.ts';
import { selectDistros } from '../load/select.ts';
import { type Asked, askIndexes } from './ask-indexes.ts';
import type { Context } from './context.ts';
import { withProxies } from './with-proxies.ts';

/** What is shown first. */
const kinds = ['wrong', 'news', 'unsure', 'right'] as const satisfies readonly OnlineRemark['kind'][];

/**
 * `katafarm validate --online`: every claim on packages against the release's own index. Exit status 2 where a file is
 * wrong or something is packaged by now, 3 where no index at all could be asked.
 */
export async function validateOnline(
  context: Context,
  ids: readonly string[],
  { folders, json }: { readonly folders: Folders; readonly json: boolean },
): Promise<void> {
  const all = await loadDistros(folders);
  const chosen = selectDistros(all, ids);
  const asked = await withProxies(context, () => askIndexes(chosen, all, pinnedToolchain, context));

  const remarks = asked.flatMap((one) => one.remarks);
  const isWrong = remarks.some(({ kind }) => kind === 'wrong' || kind === 'news');
  const none = asked.every(({ trouble }) => trouble !== undefined);
  if (json) {
    const releases = asked.map(({ distro, remarks: own, trouble }) => ({
      release: distro.id,
      ...(trouble === undefined ? {} : { trouble }),
      remarks: own.map(({ about, kind, text }) => ({ about, kind, text })),
    }));
    context.out(`${JSON.stringify({ ok: !isWrong && !none, releases }, undefined, 2)}\n`);
  } else {
    context.out(asked.map(told).join('\n'));
  }
  if (none) {
    context.err(
      'katafarm: no package index could be asked; look at the network and its proxy (HTTPS_PROXY)\n',
    );
  }
  context.exit(isWrong ? 2 : Number(none) * 3);
}

function told({ distro, remarks, trouble }: Asked): string {
  const lines = kinds.flatMap((kind) =>
    remarks.filter((one) => one.kind === kind).map(({ about, text }) => `  ${kind}  ${about}: ${text}\n`),
  );
  const head = trouble === undefined ? '' : `  not asked: ${trouble}\n`;
  return `${distro.id}\n${head}${lines.join('')}`;
}
