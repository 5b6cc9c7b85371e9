import type { Component } from '../domain/finding.ts';
import type { Case, Next } from './case.ts';
import { classOf, tableOf } from './classes.ts';
import { packageClasses } from './classes-packages.ts';
import type { Known } from './known.ts';
import { found } from './make-finding.ts';

const ofPackages = tableOf(packageClasses).patterns;

/** The farm's own trouble is its own, but for what package managers and registries say. */
export function erredFinding(one: Case): Next {
  const { outcome } = one;
  const said = `${outcome.message}\n${outcome.detail ?? ''}`;
  const pattern = ofPackages.find(({ match }) => match.test(said));
  const id = pattern?.class ?? (outcome.message.startsWith('slow:') ? 'slow' : 'trouble');
  const row = classOf(id);
  const because = pattern ? [`its words are those of ${pattern.prints}`] : [];
  const known: Known = { ...(row && { row }), from: 'words', because, evidence: [] };
  const component: Component =
    row?.blame === 'infra' || row?.blame === 'distro-packaging' ? row.blame : 'farm';
  const isOpen = row?.blame === 'unknown';
  return found(one, known, {
    component: isOpen ? 'unknown' : component,
    confidence: 'fingerprint',
    because: [
      isOpen
        ? `${row.title}: ${row.takes}`
        : 'what errs before or beside a scenario says nothing of what is tested',
    ],
  });
}
