import { expect, it } from 'vitest';
import { policy } from '../../../src/domain/policy.ts';
import { stackOf } from '../../../src/domain/stack.ts';

it.each(policy.stacks)(
  '$stack requires host, control and its own VMM, each cell once',
  ({ stack, required }) => {
    const groups = new Set(required.map((place) => place.split('/')[1]?.split('.')[0]));

    expect(groups).toEqual(new Set(['host', 'control', 'vmm']));
    expect(new Set(required).size).toBe(required.length);
    expect(required.some((place) => place.startsWith(`${stack}/vmm.`))).toBe(true);
  },
);

it.each(policy.stacks)("$stack is made of the distro's own parts, so it may make a headline", ({ stack }) => {
  expect(stackOf(stack).parts).not.toEqual([]);
});
