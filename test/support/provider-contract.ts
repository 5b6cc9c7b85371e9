import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Distro } from '../../src/domain/distro.ts';
import { type Guest, guestOf } from '../../src/machine/guest.ts';
import type { BootRequest, Image, Machine, Provider, Template } from '../../src/machine/machine.ts';

export interface Contract {
  readonly provider: () => Promise<Provider>;
  readonly distro: () => Promise<Distro>;
  /** Whether its machines have a kernel, a clock and a network of their own. */
  readonly isComputer: boolean;
}

/** What every provider promises, whatever its machines are made of. */
export function providerContract(name: string, contract: Contract): void {
  describe(`${name} keeps the provider's contract`, () => {
    const stop = new AbortController();
    let provider: Provider;
    let image: Image;
    let template: Template;
    let logs: string;
    let count = 0;

    const request = async (): Promise<BootRequest> => {
      count += 1;
      return {
        name: `contract-${count}`,
        run: 'test',
        batch: 'debian-13/qemu:built',
        speed: await provider.probe(image, () => {}, stop.signal),
        memoryMiB: 6144,
        purpose: 'commands',
        network: false,
        logs: join(logs, String(count)),
        announce: async () => {},
        signal: stop.signal,
      };
    };
    const clone = async () => template.clone(await request());
    const shell = (machine: Machine): Guest['$'] => guestOf(machine, () => {}).$;
    const attached = (machine: Machine, command: string) => {
      const child = machine.attach?.(command);
      if (!child) {
        throw new Error('this provider has no terminals to test');
      }
      return child;
    };

    beforeAll(async () => {
      logs = await mkdtemp(join(tmpdir(), 'contract-'));
      provider = await contract.provider();
      image = await provider.image(await contract.distro(), () => {}, stop.signal);
      const asked = await request();
      await using machine = await provider.boot(image, asked);
      const frozen = await provider.freeze?.(machine, asked);
      if (!frozen) {
        throw new Error('this provider has no templates to test');
      }
      template = frozen;
    });

    afterAll(async () => {
      stop.abort();
      await provider?.[Symbol.asyncDispose]();
      await rm(logs, { recursive: true, force: true });
    });

    it('runs commands: output, errors and exit status come back', async () => {
      await using machine = await clone();
      const $ = shell(machine);

      const said = await $`echo ${"it's here"}; echo beside >&2; exit 7`.nothrow();

      expect([said.stdout, said.stderr, said.exitCode]).toEqual(["it's here\n", 'beside\n', 7]);
    });

    it("keeps exit status 255 for the transport: a command's own shows as 254", async () => {
      await using machine = await clone();

      const said = await shell(machine)`exit 255`.nothrow();

      expect(said.exitCode).toBe(254);
    });

    it('ends a command when its signal aborts, and says so by close', async () => {
      await using machine = await clone();
      const patience = new AbortController();
      const child = machine.spawn('sleep 600', { signal: patience.signal });
      const closed = once(child, 'close');

      patience.abort();

      await expect(closed).resolves.toBeDefined();
    });

    it.runIf(contract.isComputer)('ends commands with their machine', async () => {
      const machine = await clone();
      const child = machine.spawn('echo begun; sleep 600');
      const closed = once(child, 'close');
      if (child.stdout) {
        await once(child.stdout, 'data');
      }

      await machine[Symbol.asyncDispose]();

      const [code] = await closed;
      expect(code).toBe(255);
    });

    it("gives a command an input that is at its end, or the child's own where it is asked for", async () => {
      await using machine = await clone();
      const heard = async (input: boolean) => {
        const child = machine.spawn('cat', { input });
        const said = text(child.stdout as Readable);
        child.stdin?.end('written');
        return await said;
      };

      expect([await heard(false), await heard(true)]).toEqual(['', 'written']);
    });

    it('copies files in and out, byte for byte', async () => {
      await using machine = await clone();
      const [there, back] = [join(logs, 'there'), join(logs, 'back')];
      const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
      await writeFile(there, bytes);

      await machine.push(there, 'var-copy');
      await machine.pull('var-copy', back);

      expect((await readFile(back)).equals(bytes)).toBe(true);
    });

    it('gives every clone the same beginning, and none sees what another did', async () => {
      {
        await using first = await clone();
        await shell(first)`echo mess > mess`;
      }
      await using second = await clone();

      const { exitCode } = await shell(second)`test -e mess`.nothrow();

      expect(exitCode).toBe(1);
    });

    it('derives a template that has the change; its parent does not', async () => {
      await using child = await template.derive('change', await request(), async (machine) => {
        await shell(machine)`echo changed > change`;
      });
      await using changed = await child.clone(await request());
      await using plain = await clone();

      expect(await shell(changed)`cat change`.text()).toBe('changed\n');
      expect((await shell(plain)`test -e change`.nothrow()).exitCode).toBe(1);
    });

    describe('a child template that is kept', () => {
      // Of this very run: what an earlier one has left of it would be found.
      const change = `a change for the contract\n${randomUUID()}`;
      const derived = () => provider.store?.list().then((all) => all.filter(({ id }) => id === key));
      let key = '';

      beforeAll(async () => {
        await using child = await template.derive(
          change,
          await request(),
          async (machine) => {
            await shell(machine)`echo changed > change`;
          },
          true,
        );
        key = child.key;
      });

      afterAll(async () => {
        for (const stored of (await derived()) ?? []) {
          await provider.store?.remove(stored);
        }
      });

      it('is found again by its change, by that alone, and has it', async () => {
        await using found = await template.child?.(change, await request());
        await using machine = await found?.clone(await request());

        expect(found?.key).toBe(key);
        expect(found?.deviations).toEqual(template.deviations);
        expect(await template.child?.(`${change}, another`, await request())).toBeUndefined();
        expect(machine && (await shell(machine)`cat change`.text())).toBe('changed\n');
      });

      it('is in the store, by what was changed in it', async () => {
        const [stored] = (await derived()) ?? [];

        expect(stored).toMatchObject({ kind: 'template', distro: 'debian-13' });
        expect(stored?.title).toMatch(/, derived: a change for the contract$/);
        expect(stored?.bytes).toBeGreaterThan(0);
      });

      it('is not one that was derived in passing', async () => {
        await using _child = await template.derive('in passing', await request(), async () => {});

        expect(await provider.store?.list()).not.toContainEqual(
          expect.objectContaining({ title: expect.stringContaining('in passing') }),
        );
      });
    });

    it('says whether a machine still answers', async () => {
      await using machine = await clone();

      expect(await machine.answers()).toBe(true);
    });

    it('finds a template again that it has frozen before', async () => {
      const asked = { ...(await request()), purpose: 'template' as const };

      await using found = await provider.template?.(image, asked);

      expect(found?.key).toBe(template.key);
    });

    it("hands a command's exit status on from a terminal", async () => {
      await using machine = await clone();
      const statusOf = async (command: string) => (await once(attached(machine, command), 'close'))[0];

      expect([await statusOf('exit 7'), await statusOf('exit 255')]).toEqual([7, 254]);
    });

    describe('a machine that is kept', () => {
      const cell = 'debian-13/host/host.cpu' as const;
      const keptIds = async () =>
        (await provider.store?.list())?.filter(({ kind }) => kind === 'kept').map(({ id }) => id);
      let kept: string;

      beforeAll(async () => {
        await using machine = await clone();
        await shell(machine)`echo mess > mess`;
        kept = (await machine.keep?.({ run: 'test', cell })) ?? 'not kept';

        expect(await machine.answers()).toBe(false);
      });

      const revived = async () => {
        const machine = await provider.revive?.(kept, await request());
        if (!machine) {
          throw new Error('this provider revives nothing');
        }
        return machine;
      };

      it('goes on where it was frozen, as often as one likes: what is done in it later is not kept', async () => {
        {
          await using first = await revived();
          await shell(first)`rm mess; echo more > more`;
        }
        await using second = await revived();

        const said = await shell(second)`cat mess; test ! -e more`;

        expect(said.stdout).toBe('mess\n');
      });

      it.runIf(contract.isComputer)('has the time of the host when it goes on', async () => {
        await using machine = await revived();

        const seconds = Number(await shell(machine)`date +%s`.text());

        expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(10);
      });

      it('is in the store, and stays there while somebody is in it', async () => {
        const stored = (await provider.store?.list())?.find(({ id }) => id === kept);
        if (!stored) {
          throw new Error('it is not listed');
        }
        {
          await using _machine = await revived();

          expect(await provider.store?.remove(stored)).toBe('in use');
        }

        expect(stored).toMatchObject({ kind: 'kept', distro: 'debian-13', title: `${cell} of test` });
        expect(stored.bytes).toBeGreaterThan(0);
        expect(await keptIds()).toContain(kept);
      });

      it('is gone once it was removed: going into it says so', async () => {
        const stored = (await provider.store?.list())?.find(({ id }) => id === kept);

        const removed = stored && (await provider.store?.remove(stored));

        expect(removed).toBe('removed');
        expect(await keptIds()).not.toContain(kept);
        await expect(revived()).rejects.toThrow(/cannot go into .*gone/);
      });
    });

    it.runIf(contract.isComputer)('sets the clock of a clone', async () => {
      await using machine = await clone();

      const seconds = Number(await shell(machine)`date +%s`.text());

      expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(10);
    });

    it.runIf(contract.isComputer)('gives each clone randomness of its own', async () => {
      await using first = await clone();
      await using second = await clone();
      const draw = (machine: Machine) => shell(machine)`head -c 16 /dev/urandom | od -An -tx1`.text();

      expect(await draw(first)).not.toBe(await draw(second));
    });

    it.runIf(contract.isComputer)("does not let a clone reach the host's own services", async () => {
      const asked: string[] = [];
      const server = createServer((incoming, outgoing) => {
        asked.push(String(incoming.url));
        outgoing.end('secret');
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      await using machine = await clone();

      const said = await shell(machine)`timeout 10 busybox wget -q -O - http://10.0.2.2:${port}/`.nothrow();
      server.close();

      expect([said.stdout, asked]).toEqual(['', []]);
    });
  });
}
