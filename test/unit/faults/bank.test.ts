import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { classes } from '../../../src/diagnose/classes.ts';
import type { Component } from '../../../src/domain/finding.ts';
import { loadScenarios } from '../../../src/load/load-scenarios.ts';
import { bank } from '../../faults/bank.ts';
import { root } from '../../support/farm.ts';

/** Written out, so that a party that is nobody's any more is noticed. */
const parties: Readonly<Record<Exclude<Component, 'unknown'>, true>> = {
  'distro-vmm': true,
  'distro-virtiofsd': true,
  'distro-kernel': true,
  'distro-host': true,
  'distro-policy': true,
  'distro-packaging': true,
  'container-stack': true,
  kata: true,
  'kata-vmm': true,
  infra: true,
  farm: true,
};

it('has 36 faults or more, each under a name of its own', () => {
  const ids = bank.map(({ id }) => id);

  expect(ids.length).toBeGreaterThanOrEqual(36);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z][a-z0-9-]+$/.test(id))).toEqual([]);
});

it.each(bank)('$id is a script that a POSIX shell reads', ({ plant: { script } }) => {
  const { status, stderr } = spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' });

  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(script).not.toMatch(/\[\[|pipefail|function /);
});

it('expects parties and kinds that there are', () => {
  const expected = bank.flatMap(({ id, expect: whom }) => (whom === 'unknown' ? [] : [{ id, ...whom }]));
  const kinds = new Set(classes.map(({ id }) => id));

  expect(expected.filter(({ component }) => !(component in parties))).toEqual([]);
  expect(expected.filter((one) => !kinds.has(one.class)).map((one) => `${one.id} ${one.class}`)).toEqual([]);
});

it('blames every party that is there without Kata', () => {
  const blamed = new Set(bank.flatMap(({ expect: whom }) => (whom === 'unknown' ? [] : [whom.component])));

  // That Kata and a VMM do not fit each other takes a swap with Kata's own.
  expect(Object.keys(parties).filter((party) => !blamed.has(party as Component as never))).toEqual([
    'kata-vmm',
  ]);
});

it('shows in scenarios that there are, and says why', async () => {
  const own = `${root}/test/faults/scenarios`;
  const scenarios = new Set((await loadScenarios([`${root}/scenarios`, own])).map(({ id }) => id));

  const named = bank.flatMap(({ scenario, beside = [] }) => [scenario, ...beside]);
  expect(named.filter((id) => !scenarios.has(id))).toEqual([]);
  expect(bank.filter(({ why }) => !why.endsWith('.')).map(({ id }) => id)).toEqual([]);
});
