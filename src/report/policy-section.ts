import type { KataPolicy, Policy, StackPolicy } from '../domain/policy.ts';

/** What each word takes, in short, for SUPPORT.md. */
export function policySection({
  version,
  adopted,
  stacks,
  kata,
  confirmations,
  anchorDays,
  freshness,
  supported: { nights, flakes },
  blockedNights,
  known,
}: Policy): string {
  const { stable, rolling } = freshness;
  return [
    `## What the words mean: policy ${version}`,
    [
      `- **${adopted ? 'supported' : 'works'}**: every required cell is green, Kata's among them, ${nights} nights in a row, on different ` +
        `templates, and after a boot; at most ${flakes * 100} % of a cell's last nights were flaky. ` +
        'Without hardware virtualisation: (emulated)',
      "- **capable**: every required cell of host, control and VMM is green; not all of Kata's are, or not for long enough",
      '- **degraded**: the same, by a recorded departure from a default, or with an optional cell that failed ' +
        `on ${confirmations} fresh clones`,
      `- **broken**: a required cell failed on ${confirmations} fresh clones, while another release was green there on the same host within ${anchorDays} days ` +
        "(Kata's cells: that night). Whose fault it is stands beside it, `unknown` included",
      `- **known-issue**: every required cell that failed is a known issue: confirmed within ${known.days} days, and not expired`,
      `- **blocked**: a control failed (plain containers, say), so nothing can be told; broken after ${blockedNights} nights`,
      '- (outdated): a package or Kata that the word rests on is older than what is there by now',
      '- **not-packaged**: the distro packages no such VMM or virtiofsd',
      "- **unknown**: never run, the farm's own trouble, only flaky, unproven, or stale: " +
        `after ${stable.ageing} days, of a rolling release after ${rolling.ageing}`,
      '- **eol**: nobody mends the release any more; what was tested stands beside it',
    ].join('\n'),
    cellsOf('Required cells', stacks, 'required'),
    cellsOf('Optional cells', stacks, 'optional'),
    [
      'Where Kata itself was run, of each of these stacks:\n',
      `- required: ${kata.required.join(', ')}`,
      `- optional: ${kata.optional.join(', ')}`,
      `- never counted, as upstream knows of it: ${kata.gaps.map(gapOf).join(', ')}`,
    ].join('\n'),
  ].join('\n\n');
}

const gapOf = ({ stack, scenario, tracker }: KataPolicy['gaps'][number]) =>
  `${stack}/${scenario} (${tracker})`;

function cellsOf(title: string, stacks: readonly StackPolicy[], kind: 'required' | 'optional'): string {
  return [`${title}:\n`, ...stacks.map((one) => `- ${one.stack}: ${one[kind].join(', ')}`)].join('\n');
}
