import type { StackId } from '../../domain/stack.ts';
import { type Html, html } from './html.ts';
import { isVerdict, latestOf } from './latest.ts';
import { pathTo, placeOfRelease } from './links.ts';
import type { ReleaseView } from './view.ts';
import { dayMark } from './words.ts';

const upstream: readonly (readonly [StackId, string])[] = [
  ['qemu.upstream', 'QEMU'],
  ['clh.upstream', 'cloud-hypervisor'],
];

/** How Kata fares there on the VMM that it ships: a reference, which no word of the policy is made of. */
export function upstreamMark(release: ReleaseView): Html {
  const lines = upstream.flatMap(([stack, title]) => {
    const own = latestOf(release.observations.filter(({ cell }) => cell.stack === stack)).filter(isVerdict);
    if (own.length === 0) {
      return [];
    }
    const green = own.filter(({ outcome }) => outcome?.status === 'passed').length;
    const newest = own
      .map(({ at }) => at)
      .toSorted()
      .at(-1);
    const told = green === own.length ? 'green' : 'red';
    return [
      html`<p>Kata ${told} on <a href="${pathTo(0, placeOfRelease(release.id))}#${stack}">Kata's ${title}</a>: ${green} of ${own.length}</p><p class="meta">${dayMark(newest)}</p>`,
    ];
  });
  return lines.length > 0 ? html`${lines}` : html`<p class="meta">not tested yet</p>`;
}
