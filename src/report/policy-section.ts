import type { KataPolicy, Policy, StackPolicy } from '../domain/policy.ts';

/** What each word takes, in short, for SUPPORT.md. */
export function policySection({
  version,
  stacks,
  kata,
  confirmations,
  anchorDays,
  freshness,
}: Policy): string {
  const { stable, rolling } = freshness;
  return [
    `## What the words mean: policy ${version}`,
    [
      '- **capable**: every required cell is green; a container was not run by Kata yet. (emulated): without hardware virtualisation',
      '- **degraded**: the same, by a recorded departure from a default, or with an optional cell that failed ' +
        `on ${confirmations} fresh clones`,
      `- **broken**: a required cell failed on ${confirmations} fresh clones, while another release was green there on the same host within ${anchorDays} days`,
      '- **blocked**: a control failed (plain containers, say), so nothing can be told',
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
