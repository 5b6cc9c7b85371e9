import { describe, expect, it } from 'vitest';
import type { Capacity } from '../../../src/run/capacity.ts';
import { type Grant, Slots } from '../../../src/run/slots.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { capacityLike, wantLike } from '../../support/wants.ts';

/** Three machines are asked for on a host that shows so much as available; how many were given after a second. */
async function givenOn(
  capacity: Capacity,
  availableMiB: () => number,
  began: (grant: Grant) => void = () => {},
) {
  const clock = new VirtualClock();
  const slots = new Slots(capacity, new AbortController().signal, { clock, availableMiB });
  let given = 0;
  for (let number = 0; number < 3; number += 1) {
    slots
      .use(wantLike(), async (grant) => {
        given += 1;
        began(grant);
        await clock.sleep(60_000);
      })
      .catch(() => {});
  }
  await clock.until(clock.sleep(2_500));
  return given;
}

describe('memory', () => {
  it('that was promised is not promised twice, though the host still shows it', async () => {
    expect(await givenOn(capacityLike(3), () => 2_500)).toBe(2);
  });

  it('that was taken is counted by what the host shows, and by nothing else', async () => {
    let available = 2_500;
    const began = (grant: Grant) => {
      // So little of its GiB did it need.
      available -= 100;
      grant.taken();
    };

    expect(await givenOn(capacityLike(3), () => available, began)).toBe(3);
  });

  it('that was taken in part is promised for the rest', async () => {
    expect(
      await givenOn(
        capacityLike(3),
        () => 2_000,
        (grant) => grant.taken(500),
      ),
    ).toBe(2);
    expect(
      await givenOn(
        capacityLike(3),
        () => 2_000,
        (grant) => grant.taken(900),
      ),
    ).toBe(3);
  });

  it('that comes back while nothing of the farm ends is noticed', async () => {
    let asked = 0;
    const available = () => {
      asked += 1;
      return asked > 2 ? 99_999 : 500;
    };

    expect(await givenOn(capacityLike(3), available)).toBe(3);
  });

  it('is enough for one machine, whatever the host shows', async () => {
    expect(await givenOn(capacityLike(3), () => 0)).toBe(1);
  });

  it('that somebody allowed is held to the end, whatever the host shows', async () => {
    const capacity = capacityLike(3, { memoryMiB: 2_500, fixed: true });

    expect(
      await givenOn(
        capacity,
        () => 99_999,
        (grant) => grant.taken(),
      ),
    ).toBe(2);
    expect(await givenOn(capacity, () => 0)).toBe(2);
  });
});
