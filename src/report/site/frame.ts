import { type Html, html, none, type Part } from './html.ts';
import { pathTo } from './links.ts';
import type { View } from './view.ts';

/** A page, less what all have. */
export interface Page {
  readonly title: string;
  readonly description: string;
  /** How many folders below the site's own. */
  readonly depth: number;
  /** Which of the navigation it is. */
  readonly at?: Place;
  readonly body: Part;
  /** For the page's script, on `<body>`. */
  readonly data?: Readonly<Record<string, string>>;
}

type Place = 'matrix' | 'stacks' | 'runs' | 'trends' | 'policy';

const places: readonly { readonly place: Place; readonly path: string; readonly title: string }[] = [
  { place: 'matrix', path: 'index.html', title: 'Matrix' },
  { place: 'stacks', path: 'stacks/index.html', title: 'Stacks' },
  { place: 'runs', path: 'runs/index.html', title: 'Runs' },
  { place: 'trends', path: 'trends.html', title: 'Trends' },
  { place: 'policy', path: 'policy.html', title: 'Policy' },
];

/** `file:` is how the same pages are read without a server, where nothing is of `'self'`; no server can send it. */
const security =
  "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:; base-uri 'none'; form-action 'none'";

/** A whole page. Nothing in it runs but the files that it names. */
export function framed(
  { title, description, depth, at, body, data = {} }: Page,
  { matrix, policy }: View,
): string {
  const file = (path: string) => pathTo(depth, path);
  const marks = Object.entries({ ...data, 'as-of': matrix.asOf, root: '../'.repeat(depth) || './' });
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${security}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${description}">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="alternate" type="application/atom+xml" title="What broke and what was mended" href="${file('feed.xml')}">
<link rel="stylesheet" href="${file('page.css')}">
<script src="${file('early.js')}"></script>
<script src="${file('page.js')}" defer></script>
</head>
<body${marks.map(([name, value]) => html` data-${name}="${value}"`)}>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="name" href="${file('index.html')}">katafarm</a>
<nav aria-label="Pages"><ul>${places.map((one) => linkOf(one, file(one.path), at))}</ul></nav>
<button type="button" class="theme js-only" data-theme-toggle aria-pressed="false">Dark</button>
</header>
<main id="main" tabindex="-1">
${body}
</main>
<footer>
<p>Words as of <time datetime="${matrix.asOf}">${matrix.asOf}</time>, by <a href="${file('policy.html')}">policy ${policy.version}</a>. This page tells what was tested; it is no security commitment by anybody.</p>
<p>Data: <a href="${file('../matrix.json')}">matrix.json</a>, <a href="${file('../osinfo/index.json')}">osinfo</a>, <a href="${file('feed.xml')}">feed of what broke</a>. <a href="${file('index.html')}#dispute">How to dispute a word</a>.</p>
</footer>
</body>
</html>
`;
  return page.text;
}

function linkOf({ place, title }: (typeof places)[number], path: string, at: Place | undefined): Html {
  return html`<li><a href="${path}"${at === place ? html` aria-current="page"` : none}>${title}</a></li>`;
}
