import { describe, expect, it } from 'vitest';
import { provenClass } from '../../../src/run/batch-facts.ts';

describe("a host's class, once a guest in the guest was tried", () => {
  it.each([
    ['kvm', true, 'kvm-nested'],
    ['kvm', false, 'kvm'],
    ['tcg', true, 'tcg+svm'],
    ['tcg', false, 'none'],
  ] as const)('by %s, inner guest up: %s, is %s', (accelerator, nested, expected) => {
    // What stage 1 promised does not count any more.
    const promised = accelerator === 'kvm' ? 'kvm-nested' : 'tcg+svm';

    expect(provenClass({ class: promised, accelerator, factor: 1, because: '' }, { nested })).toBe(expected);
  });
});
