import type { Case, Donor, Next, Sibling } from '../../../src/diagnose/case.ts';
import { next } from '../../../src/diagnose/next.ts';
import { cellOf } from '../../../src/domain/cell.ts';
import type { Experiment, Finding, Reading, SwapPart, Trial } from '../../../src/domain/finding.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import type { StackId } from '../../../src/domain/stack.ts';

/** A failure, as a test says it: what is not said is as on a debian-13 whose machines nest on hardware. */
export interface Told extends Partial<Omit<Case, 'cell' | 'outcome' | 'lines' | 'donors'>> {
  readonly scenario?: ScenarioId;
  readonly stack?: StackId;
  readonly class?: string;
  /** Its first line is the message. */
  readonly says?: string;
  readonly outcome?: Case['outcome'];
  readonly lines?: readonly string[];
  readonly donors?: readonly SwapPart[];
}

/** How what is tried comes out: facilities that are red, and parts or facilities with which a cell is green. */
export interface World {
  readonly red?: Readonly<Record<string, string>>;
  readonly green?: readonly string[];
  /** What `again` comes to, time after time. */
  readonly again?: 'failed' | 'passed';
}

export function caseOf(told: Told = {}): Case {
  const {
    scenario = 'kata.uname',
    stack = 'qemu',
    class: kind,
    says = 'it fails',
    lines = [],
    donors = [],
  } = told;
  const [message = '', ...rest] = says.split('\n');
  const detail = rest.join('\n');
  return {
    facts: {},
    speed: 'kvm-nested',
    siblings: [],
    packages: {
      'qemu.package': 'qemu-system-x86',
      'qemu.version': '1:10.0.2+ds-2',
      'virtiofsd.package': 'virtiofsd',
      'virtiofsd.version': '1.13.2-1',
      'kernel.package': 'linux-image-amd64',
      'containerd.package': 'containerd',
      'runc.package': 'runc',
      lsm: 'apparmor',
    },
    kata: '4.1.0',
    ...told,
    cell: cellOf('debian-13', stack, scenario),
    outcome: told.outcome ?? {
      status: 'failed',
      message,
      ...(detail && { detail }),
      ...(kind && { class: kind }),
    },
    lines: lines.map((text, index) => ({ file: 'journal.txt', line: index + 1, text })),
    donors: donors.map((part): Donor => ({ part, by: byOf(part) })),
  };
}

export const byOf = (part: SwapPart) => `another ${part}`;

export function sibling(scenario: ScenarioId, outcome: 'passed' | string, kind?: string): Sibling {
  const came: Outcome =
    outcome === 'passed'
      ? { status: 'passed' }
      : { status: 'failed', message: outcome, ...(kind && { class: kind }) };
  return { cell: cellOf('debian-13', 'qemu', scenario), outcome: came };
}

/** A finding, and all that was tried on the way to it. */
export function diagnosed(
  one: Case,
  world: World = {},
): { readonly finding: Finding; readonly tried: readonly Experiment[] } {
  const trials: Trial[] = [];
  for (let step: Next = next(one, trials); ; step = next(one, trials)) {
    if (step.finding) {
      return { finding: step.finding, tried: trials.map(({ experiment }) => experiment) };
    }
    if (step.experiments.length === 0 || trials.length > 30) {
      throw new Error(`no end: ${JSON.stringify(trials.map(({ experiment }) => experiment))}`);
    }
    trials.push(...step.experiments.map((experiment) => ({ experiment, ms: 1, ...came(experiment, world) })));
  }
}

export function readingsOf(red: World['red'] = {}): readonly Reading[] {
  const well: Reading[] = ['disk', 'kvm']
    .filter((id) => !(id in red))
    .map((facility) => ({ facility, ok: true, said: 'well' }));
  return [...well, ...Object.entries(red).map(([facility, said]) => ({ facility, ok: false, said }))];
}

function came(
  experiment: Experiment,
  { red, green = [], again = 'failed' }: World,
): Pick<Trial, 'outcome' | 'readings'> {
  switch (experiment.kind) {
    case 'facilities':
      return { readings: readingsOf(red) };
    case 'again':
      return { outcome: { status: again } };
    case 'mend':
      return { outcome: { status: green.includes(experiment.facility) ? 'passed' : 'failed' } };
    case 'swap':
      return { outcome: { status: green.includes(experiment.part) ? 'passed' : 'failed' } };
    default:
      return experiment satisfies never;
  }
}
