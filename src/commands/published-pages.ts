import { join } from 'node:path';
import type { Matrix } from '../domain/matrix.ts';
import { pinnedRelease } from '../install/kata/pinned.ts';
import { typedInstall } from '../install/managers/table.ts';
import { loadDistros } from '../load/load-distros.ts';
import { loadKnownIssues } from '../load/load-known-issues.ts';
import { osinfoJsonSchema } from '../load/osinfo.ts';
import { docsOf } from '../report/docs/docs.ts';
import type { Artifact } from '../report/report.ts';
import type { Context } from './context.ts';
import { knownIssuesFolder } from './known-issues.ts';

/** What is published beside matrix.json, of our catalogue and any matrix. Throws a UserError for a wrong file of it. */
export async function publishedPages(
  context: Pick<Context, 'root' | 'cwd'>,
): Promise<(matrix: Matrix) => readonly Artifact[]> {
  const distros = await loadDistros(join(context.root, 'distros'));
  const knownIssues = await loadKnownIssues(knownIssuesFolder(context, undefined));
  const rest = { installs: typedInstall, kata: pinnedRelease, osinfoSchema: osinfoJsonSchema() };
  return (matrix) => docsOf({ distros, matrix, knownIssues, ...rest });
}
