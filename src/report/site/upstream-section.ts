import type { Observation } from '../../domain/evidence.ts';
import { type StackId, stacks } from '../../domain/stack.ts';
import { type Html, html, none } from './html.ts';
import { latestOf } from './latest.ts';
import { runMark } from './run-mark.ts';
import type { ReleaseView, View } from './view.ts';
import { dayMark, stackTitles } from './words.ts';

/** Cells of stacks that the policy has no word of: a reference beside those that it has. */
export function upstreamSection({ observations }: ReleaseView, view: View): Html {
  const own = latestOf(observations).filter(
    ({ cell }) =>
      stacks.some(({ id, parts }) => id === cell.stack && parts.length === 0) &&
      !view.policy.stacks.some(({ stack }) => stack === cell.stack),
  );
  return html`${[...Map.groupBy(own, ({ cell }) => cell.stack)].map(([stack, same]) => stackOfUpstream(stack, same, view))}`;
}

function stackOfUpstream(stack: StackId, same: readonly Observation[], view: View): Html {
  return html`<section id="${stack}" class="reference"><h2>${stackTitles[stack]} (reference)</h2>
<p>What Kata ships, on this release: it makes no word of the release.</p>
<ul>${same.map(({ cell, outcome, at, run, kata }) => html`<li><code>${cell.scenario}</code> <span class="status ${outcome?.status ?? 'missing'}">${outcome?.status ?? 'missing'}</span> ${dayMark(at)}${kata === undefined ? none : html`, Kata ${kata}`}, run ${runMark(run, view, 1)}${outcome && 'message' in outcome && outcome.message ? html`: ${outcome.message}` : none}</li>`)}</ul></section>`;
}
