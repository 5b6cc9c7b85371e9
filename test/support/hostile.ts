import { failedTwice, qemuCells, runLike } from '../unit/domain/run-like.ts';
import { distroLike } from './domain.ts';
import { siteLike } from './site.ts';

/** What logs, names and files may hold to get into a page: tags, attributes, terminal escapes, reversed text, entities. */
export const hostileTexts = [
  '<script>alert("script")</script>',
  '"><img src=x onerror=alert("img")>',
  "' onmouseover='alert(1)' autofocus onfocus='alert(2)",
  '</script><svg onload=alert("svg")>',
  '</pre></td></table><iframe src="javascript:alert(3)"></iframe>',
  '<a href="javascript:alert(4)">x</a><base href="https://evil.example/">',
  '\u001b]0;owned\u0007\u001b[31mred\u001b[2J',
  '\u202egnp.exe\u202c\u2066\u200b\ufeff',
  `$\{alert(5)}\`;alert(6)//\u2028alert(7)`,
  '__proto__ constructor ]]> <!-- --> &lt;b&gt;',
] as const;

/** A site of which every text that somebody else wrote is hostile, and one is a line of 1 MB. */
export function hostileSite() {
  const evil = hostileTexts.join(' ');
  const distro = distroLike({
    ...{ id: 'evil-1', title: evil, family: evil, notes: [evil, 'x'.repeat(1_000_000)] },
    lifecycle: { rolling: false, released: evil, source: evil },
    tracker: { title: evil, url: 'javascript:alert(8)', maintainers: evil },
    ships: { agrees: 'unknown', source: evil, trust: 'read' },
    parts: {
      kata: { package: evil, path: evil, version: evil, maintainer: evil, source: evil, trust: 'read' },
      qemu: { notPackaged: evil, source: evil, trust: 'unverified' },
      'cloud-hypervisor': { unknown: evil, source: evil, trust: 'unverified' },
    },
  });
  const red = {
    status: 'failed',
    step: evil,
    class: evil,
    message: `${evil} ${'y'.repeat(1_000_000)}`,
  } as const;
  const night = runLike({
    ...{ id: 'night-1', on: '2026-11-21', host: { cpu: evil, qemu: evil } },
    distros: [
      { id: 'evil-1', title: evil, rolling: false, notes: [evil] },
      { id: 'debian-13', title: 'Debian 13', rolling: false, notes: [] },
    ],
    cells: {
      ...qemuCells('evil-1', { 'qemu/vmm.qemu.boot': [red, red] }),
      ...qemuCells('debian-13', { 'qemu/vmm.virtiofs.mount': failedTwice }),
    },
    facts: { 'evil-1/qemu/vmm.qemu.probe': { 'qemu.version': evil, 'qemu.package': evil, kernel: evil } },
    findings: {
      'evil-1/qemu/vmm.qemu.boot': {
        ...{ component: 'distro-vmm', class: evil, confidence: 'table', provenance: evil, mender: evil },
        ...{ because: [evil], evidence: [{ file: evil, line: 1, text: evil }], versions: { [evil]: evil } },
      },
    },
    skipped: { 'evil-1/clh/vmm.clh.probe': `not packaged by this distro: ${evil}` },
    batchFacts: { 'package.qemu': evil },
  });
  const untested = distroLike({ ...distro, id: 'evil-2' });
  return siteLike([{ ...night, command: [evil, '--kata', evil] }], {
    distros: [distro, untested, distroLike()],
  });
}
