import type { Chronicle } from '../../domain/chronicle.ts';
import type { Exhibit } from '../../domain/exhibit.ts';
import type { Docs } from '../docs/docs.ts';
import type { Artifact } from '../report.ts';
import { landingPage } from './landing.ts';
import { placeOfRelease, placeOfRun, placeOfStack, placeOfStories } from './links.ts';
import { policyPage } from './policy-page.ts';
import { releasePage } from './release-page.ts';
import { runPage, runsPage } from './run-pages.ts';
import { stackPage, stacksPage } from './stack-pages.ts';
import { storiesScript } from './stories.ts';
import { trendsPage } from './trends-page.ts';
import { viewOf } from './view.ts';

/** All that the site is made of: what the other pages are, how it was before, and the files that browsers get as they are. */
export type Site = Docs & {
  readonly chronicle: Chronicle;
  /** What its reds left; missing: nothing is published of it. */
  readonly exhibits?: readonly Exhibit[];
  readonly assets: SiteAssets;
};

/** The page's own script and style sheet, which are files of their own below `page/`. */
export interface SiteAssets {
  readonly script: string;
  /** What has to be done before anything is drawn. */
  readonly early: string;
  readonly style: string;
}

/** The site's folders below the published one: of its kinds of files, what is not written goes. */
export const siteFolders = ['site', 'site/distros', 'site/stacks', 'site/runs', 'site/stories'] as const;

/** The whole site, below `site/`: static files that need no server. The same input gives the same bytes. */
export function siteOf(site: Site): readonly Artifact[] {
  const view = viewOf(site);
  const below = ({ path, text }: Artifact): Artifact => ({ path: `site/${path}`, text });
  return [
    { path: 'index.html', text: landingPage(view) },
    { path: 'policy.html', text: policyPage(view) },
    { path: 'trends.html', text: trendsPage(view) },
    ...view.releases.map((release) => ({
      path: placeOfRelease(release.id),
      text: releasePage(release, view),
    })),
    ...view.releases.flatMap((release) =>
      release.cells.length > 0
        ? [{ path: placeOfStories(release.id), text: storiesScript(release, view) }]
        : [],
    ),
    { path: 'stacks/index.html', text: stacksPage(view) },
    ...view.stacks.map((stack) => ({ path: placeOfStack(stack.id), text: stackPage(stack, view) })),
    { path: 'runs/index.html', text: runsPage(view) },
    ...view.runs.map((run) => ({ path: placeOfRun(run.id), text: runPage(run, view) })),
    { path: 'page.css', text: site.assets.style },
    { path: 'early.js', text: site.assets.early },
    { path: 'page.js', text: site.assets.script },
  ].map(below);
}
