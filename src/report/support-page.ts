import type { CellId } from '../domain/cell.ts';
import type { HostFacts } from '../domain/entry.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Matrix, ReleaseSupport } from '../domain/matrix.ts';
import { policy as current, type Policy } from '../domain/policy.ts';
import type { Facts } from '../domain/result.ts';
import type { ScenarioId } from '../domain/scenario.ts';
import type { StackId } from '../domain/stack.ts';
import { isGood, printed, type Support, testedWord } from '../domain/support.ts';
import { code, escaped, table } from './markdown-text.ts';
import { policySection } from './policy-section.ts';
import { repeatOf } from './words.ts';

const columns: Readonly<Partial<Record<StackId, string>>> = {
  qemu: 'own QEMU',
  'qemu+distro-kernel': 'own QEMU and kernel',
  clh: 'own cloud-hypervisor',
  firecracker: 'own Firecracker',
};

/** SUPPORT.md: the page for people who ask whether their distro is supported. */
export function supportPage(matrix: Matrix, policy: Policy = current): string {
  const sections = [
    '# Which distros can run Kata Containers with their own VMM?',
    opening(matrix),
    words(matrix),
    causes(matrix),
    policySection(policy),
    limits,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function opening({ releases, evidence, asOf }: Matrix): string {
  const all = releases.flatMap(({ stacks }) => stacks);
  const dates = all.flatMap(({ newest, oldest }) => [newest ?? [], oldest ?? []].flat()).toSorted();
  const ran = evidence.observations.filter(({ attempts }) => attempts.length > 0);
  const bases = [...new Set(ran.map(({ basis }) => basis))].toSorted();
  const hosts = [...new Set(evidence.runs.map(({ host }) => hostLine(host)))].toSorted();

  return [
    `katafarm booted ${count(releases.length, 'release')} as virtual machines with nested virtualisation and tried each one's own kernel, ` +
      `container engine, VMM and virtiofsd: ${count(ran.length, 'cell')} in ${count(evidence.runs.length, 'run')}, ` +
      `the newest of ${dates.at(-1) ?? 'never'}, the oldest of ${dates[0] ?? 'never'}.`,
    `Speed class: ${bases.join(', ') || 'none'}. Host: ${hosts.map((host) => escaped(host)).join('; ') || 'none'}. Words as of ${asOf}.`,
    'This page tells what was tested. It is no security commitment by anybody.',
  ].join('\n\n');
}

function words({ releases }: Matrix): string {
  const stacks = releases[0]?.stacks.map(({ stack }) => stack) ?? [];
  const head = [
    'release',
    'word',
    ...stacks.map((stack) => columns[stack] ?? stack),
    ...versionColumns,
    'basis',
    'newest',
  ];
  const rows = releases.map(({ distro, headline, stacks: own, versions }) => [
    escaped(distro.title),
    `**${printed(headline)}**`,
    ...own.map(printed),
    ...[
      versionOf(versions, 'kernel'),
      versionOf(versions, 'qemu.version'),
      versionOf(versions, 'virtiofsd.version'),
      versionOf(versions, 'containerd.version'),
    ],
    headline.basis ?? '–',
    headline.newest ? `${headline.newest}${headline.age === 'ageing' ? ' (ageing)' : ''}` : '–',
  ]);
  return table(head, rows);
}

const versionColumns = ['kernel', 'QEMU', 'virtiofsd', 'containerd'];

function versionOf(versions: Facts, key: string): string {
  return escaped(String(versions[key] ?? '–'));
}

function causes({ releases, evidence }: Matrix): string {
  const parts = releases.flatMap((release) => {
    const lines = [
      ...release.stacks
        .filter((one) => testedWord(one) !== 'capable' || one.word === 'unknown')
        .map((one) => causeOf(one, evidence)),
      ...newerReds(release),
      ...release.distro.notes.map((note) => `- note: ${escaped(note)}`),
      ...(release.headline.word === 'eol'
        ? [`- past its end since ${release.distro.eol ?? 'long'}: nobody mends it, it never counts`]
        : []),
    ];
    return lines.length > 0 ? [[`### ${escaped(release.distro.title)}`, lines.join('\n')].join('\n\n')] : [];
  });
  return parts.length > 0 ? ['## Why', ...parts].join('\n\n') : '';
}

function causeOf(one: Support, { runs }: Evidence): string {
  const observed = one.behind.find(({ cell }) => cell === one.cell)?.observed;
  const run = observed ? `, run ${escaped(observed.run)}` : '';
  const decided = one.cell ? ` (${escaped(one.cell)}${run})` : '';
  const command = runs.find(({ id }) => id === observed?.run)?.command;
  const again =
    one.cell && testedWord(one) !== 'not-packaged' ? `; again: ${code(repeatAt(one.cell, command))}` : '';
  return `- **${one.stack}: ${printed(one)}**: ${escaped(one.reason)}${decided}${again}`;
}

/** What is newer than the word it doesn't move yet, as its basis is worse. */
function newerReds({ stacks }: ReleaseSupport): readonly string[] {
  const lines = stacks
    .filter((one) => isGood(testedWord(one)))
    .flatMap(({ behind }) => behind)
    .flatMap(({ cell, newer }) =>
      newer && newer.status !== 'passed'
        ? [`- newer, on ${newer.basis}: ${escaped(cell)} ${newer.status} (run ${escaped(newer.run)})`]
        : [],
    );
  return [...new Set(lines)];
}

const limits = [
  '## Not tested here',
  'Kata itself, until a word says so; confidential computing (TEEs); architectures other than amd64.',
].join('\n\n');

function hostLine(host: HostFacts): string {
  const { cpu, cores, qemu } = host;
  return [cpu, ...(cores ? [`${cores} cores`] : []), ...(qemu ? [`QEMU ${qemu}`] : [])].join(', ');
}

function repeatAt(id: CellId, command: readonly string[] | undefined): string {
  const [distro = '', stack = '', scenario = ''] = id.split('/');
  const cell = {
    distro: distro as `${string}-${string}`,
    stack: stack as StackId,
    scenario: scenario as ScenarioId,
  };
  return repeatOf(cell, command);
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
