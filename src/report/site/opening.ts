import type { Observation } from '../../domain/evidence.ts';
import { stackOf } from '../../domain/stack.ts';
import { type Html, html, none } from './html.ts';
import { isVerdict } from './latest.ts';
import { runMark } from './run-mark.ts';
import type { View } from './view.ts';
import { dayMark } from './words.ts';

/** One sentence: what, with which Kata, when, and how much of it; and where the newest run is not whole. */
export function opening(view: View): Html {
  const { observations, runs } = view.matrix.evidence;
  const planned = observations.filter(({ variant }) => variant);
  const ran = planned.filter(({ outcome }) => outcome && !['skipped', 'blocked'].includes(outcome.status));
  const blocked = planned.filter(({ outcome }) => outcome?.status === 'blocked');
  const missing = planned.filter(({ outcome }) => !outcome);
  const booted = new Set(ran.filter(({ basis }) => basis !== 'userspace').map(({ cell }) => cell.distro));
  const days = ran.filter(isVerdict).map(({ at }) => at.slice(0, 10));
  const [oldest, newest] = [days.toSorted()[0], days.toSorted().at(-1)];
  const when =
    oldest === undefined || newest === undefined
      ? none
      : html`, between ${dayMark(oldest)} (oldest verdict) and ${dayMark(newest)} (newest)`;
  const held = blocked.length > 0 ? `; ${blocked.length} ${was(blocked)} blocked by a failed control` : '';
  return html`<p class="lede">katafarm booted <b>${booted.size} ${booted.size === 1 ? 'release' : 'releases'}</b> as virtual machines and tried their own kernel, container engine, VMM and virtiofsd ${kataWords(ran, booted.size)}${when}: <b>${planned.length} cells planned, ${ran.length} ran, ${missing.length} missing</b> in ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}${held}${skippedWords(view)}.</p>${cutLine(view)}`;
}

/** On how many of them Kata itself was run, on a VMM of their own: the others are `capable` at best. */
function kataWords(ran: readonly Observation[], booted: number): Html {
  const own = ran.filter(({ kata, basis }) => kata !== undefined && basis !== 'userspace');
  const onOwn = own.filter(({ cell }) => stackOf(cell.stack).parts.length > 0);
  const count = new Set(onOwn.map(({ cell }) => cell.distro)).size;
  const katas = [...new Set((count > 0 ? onOwn : own).flatMap(({ kata }) => kata ?? []))].toSorted();
  if (count === 0) {
    const where =
      katas.length > 0 ? `${katas.join(' and ')} itself was run on the VMM that it ships alone` : '';
    return html`for what Kata Containers asks of them (Kata ${where || 'itself was not run'})`;
  }
  const rest = count < booted ? ` on ${count} of them (on the others Kata itself was not run)` : '';
  return html`with Kata Containers ${katas.join(' and ')}${rest}`;
}

function skippedWords({ matrix, policy }: View): string {
  const skipped = matrix.evidence.observations.filter(({ variant }) => !variant);
  const lacking = skipped.filter(
    ({ outcome }) => outcome?.status === 'skipped' && outcome.because.startsWith(policy.notPackaged),
  );
  if (skipped.length === 0) {
    return '';
  }
  const of = lacking.length < skipped.length ? `${lacking.length} of them ` : '';
  const why = lacking.length > 0 ? `, ${of}as there is no such package` : '';
  return `; ${skipped.length} more ${was(skipped)} skipped${why}`;
}

/** What the newest run did not come to: nobody else would see it where older verdicts stand. */
function cutLine(view: View): Html {
  const [run] = view.runs;
  const missing = (view.lanes.get(run?.id ?? '') ?? [])
    .map(({ counts }) => counts.get('missing') ?? 0)
    .reduce((sum, count) => sum + count, 0);
  if (!run || missing === 0) {
    return none;
  }
  const [are, them] = missing === 1 ? ['is', 'it'] : ['are', 'them'];
  return html`<p class="notice">The newest run, ${runMark(run.id, view, 0)} of ${dayMark(run.startedAt)}, was cut short: ${missing} of its cells ${are} missing, and what older runs showed stands for ${them}.</p>`;
}

const was = ({ length }: { readonly length: number }) => (length === 1 ? 'was' : 'were');
