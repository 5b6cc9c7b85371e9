import { isPackaged } from '../../domain/claim.ts';
import type { Distro } from '../../domain/distro.ts';
import { installGroups, newestWith } from '../docs/install-section.ts';
import { type Html, html } from './html.ts';
import { runMark } from './run-mark.ts';
import type { View } from './view.ts';
import { dayMark } from './words.ts';

/** How each of a release's parts is installed, and whether a run's machines had just these packages. */
export function installSection(distro: Distro, view: View): Html {
  const entries = installGroups.flatMap(({ title, parts }) => {
    const there = parts.flatMap((part) => {
      const claim = distro.parts[part];
      return isPackaged(claim) ? [claim.package] : [];
    });
    return there.length === parts.length ? [entryOf(title, [...new Set(there)], distro, view)] : [];
  });
  return html`<section id="install"><h2>Install</h2>${entries.length > 0 ? entries : html`<p>Nothing of it is known to be packaged here.</p>`}</section>`;
}

function entryOf(title: string, names: readonly string[], distro: Distro, view: View): Html {
  const { site, matrix } = view;
  const command = site.installs(distro.packageManager, names);
  const run = newestWith(names, distro.id, matrix.evidence.runs);
  const had = run
    ? html`Last verified ${dayMark(run.startedAt)} (run ${runMark(run.id, view, 1)}): ${names.map((name) => `${name} ${run.packages?.[distro.id]?.[name] ?? ''}`.trim()).join(', ')}.`
    : html`Not verified: no published run had these packages in a machine of this release.`;
  const shown = command
    ? html`<div class="command"><pre><code>${command}</code></pre><button type="button" class="js-only" data-copy>Copy</button></div>`
    : html`<p>Packages: ${names.join(', ')}.</p>`;
  return html`<h3>${title}</h3>${shown}<p class="meta">${had}</p>`;
}
