import { isNotPackaged, isPackaged } from '../../domain/claim.ts';
import { type Distro, endOfLife } from '../../domain/distro.ts';
import type { StackId } from '../../domain/stack.ts';
import { isGood, printed, type Support, testedWord } from '../../domain/support.ts';
import { type Html, html, none } from './html.ts';
import { kataMark } from './kata-mark.ts';
import { cellMark } from './landing-cell.ts';
import { pathTo, placeOfRelease } from './links.ts';
import { upstreamMark } from './upstream.ts';
import { hasUserspace, userspaceMark } from './userspace.ts';
import type { ReleaseView, View } from './view.ts';
import { agesFrom, dayMark, fadeOf, stackTitles, wordClass } from './words.ts';

const single: readonly StackId[] = ['qemu', 'clh'];
const kernels: readonly (readonly [stack: StackId, label: string, base: StackId])[] = [
  ['qemu+distro-kernel', 'QEMU', 'qemu'],
  ['clh+distro-kernel', 'cloud-hypervisor', 'clh'],
];

/** What was tested: a row a release. */
export function testedTable(view: View): Html {
  const releases = view.releases.filter(({ support }) => support);
  const inContainers = releases.some(hasUserspace);
  const head = [
    'release',
    'headline',
    'own QEMU',
    'own cloud-hypervisor',
    'own kernel as guest',
    "the distro's Kata",
    ...(inContainers ? ['userspace in a container'] : []),
    "upstream's VMM (reference)",
  ];
  return html`<table class="matrix" id="tested">
<caption>Releases that were tested, with the word of each stack. Words lead to their stories.</caption>
<thead><tr>${head.map((title) => html`<th scope="col"${/upstream/.test(title) ? html` class="ref"` : none}>${title}</th>`)}</tr></thead>
<tbody>
${releases.map((release) => rowOf(release, view, head))}</tbody>
</table>`;
}

function rowOf(release: ReleaseView, view: View, head: readonly string[]): Html {
  const { support, cells } = release;
  if (!support) {
    return none;
  }
  const { headline } = support;
  const of = (stack: StackId) => cells.find((cell) => cell.support.stack === stack);
  const columns = [
    headlineMark(headline),
    ...single.map((stack) => markOf(of(stack))),
    html`${kernels.map(([stack, label, base]) => markOf(of(stack), { label, base: of(base) }))}`,
    kataMark(release, view),
    ...(head.includes('userspace in a container') ? [userspaceMark(release)] : []),
    upstreamMark(release),
  ];
  const last = columns.length - 1;
  return html`<tr${rowData(release, view)}>
<th scope="row">${nameOf(release)}</th>
${columns.map(
  (
    column,
    index,
  ) => html`<td data-label="${head[index + 1]}"${index === last ? html` class="ref"` : none}>${column}</td>
`,
)}</tr>
`;
}

type Marked = Parameters<typeof cellMark>;

const markOf = (cell: Marked[0] | undefined, beside?: Marked[1]): Html =>
  cell ? cellMark(cell, beside) : html`<p class="meta">no word</p>`;

/** The best word, and by which stack. */
function headlineMark(headline: Support): Html {
  const word = testedWord(headline);
  const { newest, age } = headline;
  const by = isGood(word) ? html` by ${stackTitles[headline.stack]}` : none;
  const when = newest === undefined ? none : dayMark(newest, age, agesFrom(headline));
  return html`<div class="headline"><span class="${wordClass(word, headline.word === 'eol')}">${printed(headline)}</span><p class="meta">${when}${by}</p></div>`;
}

/** Title, architecture, and what is special about its life. */
export function nameOf({ id, title, distro, support }: ReleaseView): Html {
  const end = distro ? endOfLife(distro) : support?.distro.eol;
  const isPast = support?.headline.word === 'eol';
  const kernel = support?.versions['kernel'];
  const life = [
    ...(isPast ? [`past its end since ${end}`] : []),
    ...(distro?.lifecycle.rolling || support?.distro.rolling ? ['changes daily'] : []),
    ...(kernel === undefined ? [] : [`kernel ${kernel}`]),
  ];
  return html`<a href="${pathTo(0, placeOfRelease(id))}">${title}</a>${life.length > 0 ? html`<p class="meta">${life.join(' · ')}</p>` : none}`;
}

/** What the query language asks of a row. */
export function rowData({ id, distro, support, observations, title }: ReleaseView, view: View): Html {
  const rolling = distro?.lifecycle.rolling ?? support?.distro.rolling ?? false;
  const end = distro && endOfLife(distro);
  const flags = [
    support ? 'tested' : 'untested',
    ...(rolling ? ['rolling'] : []),
    ...(support?.headline.word === 'eol' || (end !== undefined && end < view.matrix.asOf) ? ['eol'] : []),
  ];
  const family = distro?.family ?? id.slice(0, id.indexOf('-'));
  const variants = [...new Set(observations.flatMap(({ variant }) => variant ?? []))];
  const kernel = support?.versions['kernel'];
  return html` id="${id}" data-title="${title}" data-family="${family}" data-arch="${distro?.arch ?? id.split('@')[1] ?? 'amd64'}" data-provider="${variants.join(' ')}" data-is="${flags.join(' ')}" data-kata="${kataWord(distro)}" data-fade="${fadeOf(rolling, view)}"${kernel === undefined ? none : html` data-kernel="${kernel}"`}${flags.includes('eol') ? html` class="eol"` : none}`;
}

function kataWord(distro: Distro | undefined): string {
  const claim = distro?.parts.kata;
  if (!claim) {
    return 'unknown';
  }
  if (isPackaged(claim)) {
    return 'packaged';
  }
  return isNotPackaged(claim) ? 'not-packaged' : 'unknown';
}
