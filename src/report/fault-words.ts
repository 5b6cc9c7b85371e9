import type { Component, Confidence, Finding } from '../domain/finding.ts';
import { oneLine } from '../domain/text.ts';

/** A component, as somebody who has never read this code would call it. */
export const componentWords: Readonly<Record<Component, string>> = {
  'distro-vmm': "the release's VMM",
  'distro-virtiofsd': "the release's virtiofsd",
  'distro-kernel': "the release's kernel",
  'distro-host': "the release's own set-up: modules, devices, limits, mounts",
  'distro-policy': "the release's security policy: AppArmor or SELinux",
  'distro-packaging': "the release's packages, which do not go together",
  'container-stack': 'containerd, runc or what is around them, as the release has them',
  kata: 'Kata itself',
  'kata-vmm': 'Kata and this VMM together: they do not fit each other',
  infra: 'the host that machines run on, or what is outside of it: no verdict on what was tested',
  farm: 'katafarm itself: no verdict on what was tested',
  unknown: 'nobody is named',
};

/** What a name rests on, and so how far it may be trusted. */
export const confidenceWords: Readonly<Record<Confidence, string>> = {
  swap: 'on fresh clones it is red as it is, green with this one part replaced or put right, and red again without that',
  table: 'what was seen leaves this part alone by the decision table; no replacement was shown to mend it',
  fingerprint:
    'the words of the failure alone, as this part is known to print them: the weakest of the three',
};

/** Whose fault it is, in a few words: `distro-virtiofsd (swap)`, `unknown`. */
export function faultOf({ component, confidence }: Pick<Finding, 'component' | 'confidence'>): string {
  return confidence === undefined ? component : `${component} (${confidence})`;
}

/**
 * What settled it, on one line; undefined where no reasoning is written down. Of a swap that is what came of it, and whom
 * that names: two steps.
 */
export function decisiveStep({
  because,
  confidence,
}: Pick<Finding, 'because' | 'confidence'>): string | undefined {
  const steps = because.filter((step) => step.trim() !== '').slice(confidence === 'swap' ? -2 : -1);
  return steps.length === 0 ? undefined : oneLine(steps.join('; '));
}

/** Whose fault and why, on one line: `distro-virtiofsd (swap), virtiofsd-generation: REASON`. */
export function faultLine(finding: Finding): string {
  const { class: kind } = finding;
  const head = kind === undefined ? faultOf(finding) : `${faultOf(finding)}, ${oneLine(kind, 80)}`;
  const step = decisiveStep(finding);
  return step === undefined ? head : `${head}: ${step}`;
}
