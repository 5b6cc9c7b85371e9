import type { Component } from '../domain/finding.ts';
import type { Case, Next } from './case.ts';
import { classOf } from './classes.ts';
import type { Known } from './known.ts';
import { found } from './make-finding.ts';
import { packagePatterns } from './patterns-packages.ts';

/** The farm's own trouble is its own, but for what package managers and registries say. */
export function erredFinding(one: Case): Next {
  const { outcome } = one;
  const said = `${outcome.message}\n${outcome.detail ?? ''}`;
  const pattern = packagePatterns.find(({ match }) => match.test(said));
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
