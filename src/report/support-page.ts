import type { HostFacts } from '../domain/entry.ts';
import type { Matrix } from '../domain/matrix.ts';
import { policy as current, type Policy } from '../domain/policy.ts';
import type { Facts } from '../domain/result.ts';
import type { StackId } from '../domain/stack.ts';
import { printed } from '../domain/support.ts';
import { knownIssueSection } from './known-issue-lines.ts';
import { escaped, table } from './markdown-text.ts';
import { policySection } from './policy-section.ts';
import { causes } from './support-causes.ts';

const columns: Readonly<Partial<Record<StackId, string>>> = {
  qemu: 'own QEMU',
  'qemu+distro-kernel': 'own QEMU and kernel',
  clh: 'own cloud-hypervisor',
  'clh+distro-kernel': 'own cloud-hypervisor and kernel',
  firecracker: 'own Firecracker',
};

/** SUPPORT.md: the page for people who ask whether their distro is supported. `more` stands below what was tested. */
export function supportPage(matrix: Matrix, more = '', policy: Policy = current): string {
  const sections = [
    '# Which distros can run Kata Containers with their own VMM?',
    opening(matrix),
    words(matrix),
    more,
    causes(matrix),
    knownIssueSection(matrix.issues),
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
    ...own.map((one) => printed(one)),
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

const limits = [
  '## Not tested here',
  'Kata itself, until a word says so; confidential computing (TEEs); architectures other than amd64.',
  "Stacks that don't name the distro's kernel boot Kata's guest kernel: upstream's test kernel, whose CVEs nobody tracks.",
].join('\n\n');

function hostLine(host: HostFacts): string {
  const { cpu, cores, qemu } = host;
  return [cpu, ...(cores ? [`${cores} cores`] : []), ...(qemu ? [`QEMU ${qemu}`] : [])].join(', ');
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
