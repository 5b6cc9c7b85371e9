import { pinnedRelease } from '../install/kata/pinned.ts';
import { typedInstall } from '../install/managers/table.ts';
import { loadDistros } from '../load/load-distros.ts';
import { loadKnownIssues } from '../load/load-known-issues.ts';
import { matrixJsonSchema } from '../load/matrix-schema.ts';
import { osinfoJsonSchema } from '../load/osinfo.ts';
import type { Pages } from '../publish/publish.ts';
import { badgesOf } from '../report/badges.ts';
import { docsOf } from '../report/docs/docs.ts';
import { feedOf } from '../report/feed.ts';
import { siteOf } from '../report/site/site.ts';
import type { Context } from './context.ts';
import { distroFolders, knownIssueFolders } from './folders.ts';
import { siteAssets } from './site-assets.ts';

/** The published folder as a whole is what a host serves, as its page links to the data beside it. */
const toThePage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=site/index.html">
<title>katafarm</title>
<p><a href="site/index.html">The support matrix</a></p>
</html>
`;

/** What is published beside matrix.json, of our catalogue, any matrix and its history. Throws a UserError for a wrong file of it. */
export async function publishedPages(context: Pick<Context, 'root' | 'cwd'>): Promise<Pages> {
  const distros = await loadDistros(distroFolders(context));
  const knownIssues = await loadKnownIssues(knownIssueFolders(context));
  const rest = { installs: typedInstall, kata: pinnedRelease, osinfoSchema: osinfoJsonSchema() };
  const matrixSchema = matrixJsonSchema();
  const assets = await siteAssets();
  return (matrix, chronicle, exhibits) => {
    const docs = { distros, matrix, knownIssues, ...rest };
    return [
      ...docsOf(docs),
      ...siteOf({ ...docs, chronicle, exhibits, assets }),
      ...badgesOf(matrix),
      feedOf({ chronicle, distros }),
      { path: 'matrix.schema.json', text: matrixSchema },
      { path: 'index.html', text: toThePage },
    ];
  };
}
