import { join } from 'node:path';
import { expect, it } from 'vitest';
import { policy } from '../../../src/domain/policy.ts';
import { isAside } from '../../../src/domain/scenario.ts';
import { stackOf } from '../../../src/domain/stack.ts';
import { loadScenarios } from '../../../src/load/load-scenarios.ts';

it.each(policy.stacks)(
  '$stack requires host, control and its own VMM, each cell once',
  ({ stack, required }) => {
    const groups = new Set(required.map((place) => place.split('/')[1]?.split('.')[0]));

    expect(groups).toEqual(new Set(['host', 'control', 'vmm']));
    expect(new Set(required).size).toBe(required.length);
    const [vmm] = stack.split('+');
    expect(required.some((place) => place.startsWith(`${vmm}/vmm.`))).toBe(true);
  },
);

it.each(policy.stacks)('$stack has no cell that is both required and optional', ({ required, optional }) => {
  expect(optional.filter((place) => required.includes(place))).toEqual([]);
});

it('has a place for every scenario that comes along', async () => {
  const loaded = await loadScenarios([join(import.meta.dirname, '../../../scenarios')]);
  const named: readonly string[] = policy.stacks.flatMap(({ required, optional }) => [
    ...required,
    ...optional,
  ]);
  const ofKata = [...policy.kata.required, ...policy.kata.optional, ...policy.kata.aside];

  const vanishing = loaded.filter(
    ({ id }) => !isAside({ id }) && !ofKata.includes(id) && !named.some((place) => place.endsWith(`/${id}`)),
  );

  expect(vanishing.map(({ id }) => id)).toEqual([]);
});

it('rests no word on what is only built', () => {
  const places = policy.stacks.flatMap(({ required, optional }) => [...required, ...optional]);
  const { required, optional, aside } = policy.kata;

  expect(places.filter((place) => place.includes('/build.'))).toEqual([]);
  expect([...required, ...optional, ...aside].filter((id) => isAside({ id }))).toEqual([]);
  expect(isAside({ id: 'build.clh' })).toBe(true);
});

it.each(policy.stacks)("$stack is made of the distro's own parts, so it may make a headline", ({ stack }) => {
  expect(stackOf(stack).parts).not.toEqual([]);
});

it('speaks of no scenario of Kata that is not there, and of none twice', async () => {
  const loaded = await loadScenarios([join(import.meta.dirname, '../../../scenarios')]);
  const ids = loaded.map(({ id }) => id);
  const { required, optional, aside } = policy.kata;
  const named = [...required, ...optional, ...aside];

  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
});
