import type { Observation } from '../../domain/evidence.ts';
import { type Html, html } from './html.ts';
import type { ReleaseView } from './view.ts';
import { dayMark } from './words.ts';

/** Whether anything was tried in a container. */
export function hasUserspace({ observations }: Pick<ReleaseView, 'observations'>): boolean {
  return observations.some(isVerdict);
}

/** What containers say of a release: its userspace alone, and no other word moves by it. */
export function userspaceMark({ observations }: Pick<ReleaseView, 'observations'>): Html {
  const own = observations.filter(isVerdict);
  const reds = own.filter(({ outcome }) => outcome?.status === 'failed');
  const newest = own
    .map(({ at }) => at)
    .toSorted()
    .at(-1);
  if (own.length === 0) {
    return html`<p class="meta">not run</p>`;
  }
  const [red] = reds;
  const why = red ? html`<p class="why">${red.cell.stack}/${red.cell.scenario}</p>` : '';
  return html`<span class="word ${red ? 'broken' : 'capable'}">userspace ${red ? 'broken' : 'ok'}</span><p class="meta">${dayMark(newest)} · ${own.length - reds.length} of ${own.length}</p>${why}`;
}

function isVerdict({ basis, outcome }: Observation): boolean {
  return basis === 'userspace' && (outcome?.status === 'passed' || outcome?.status === 'failed');
}
