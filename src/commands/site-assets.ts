import { readFile } from 'node:fs/promises';
import { bundled, scriptFiles, styleFiles } from '../report/site/bundle.ts';
import type { SiteAssets } from '../report/site/site.ts';

/** The files that browsers get, which reports may not read themselves. */
export async function siteAssets(): Promise<SiteAssets> {
  const text = (name: string) => readFile(new URL(`../report/site/page/${name}`, import.meta.url), 'utf8');
  const modules = await Promise.all(scriptFiles.map((name) => text(`${name}.js`)));
  const styles = await Promise.all(styleFiles.map((name) => text(`${name}.css`)));
  return { script: bundled(modules), early: await text('early.js'), style: styles.join('\n') };
}
