import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ScenarioContext } from '../../src/scenario.ts';
import { FarmError } from './farm-error.ts';
import { pairsIn } from './pairs.ts';
import { told } from './told.ts';

export interface EngineRun {
  readonly at: string;
  /** As people call it. */
  readonly engine: string;
  /** The command line up to what runs in the container, by runc and by Kata. */
  readonly commands: Readonly<Record<'runc' | 'kata', readonly string[]>>;
}

/**
 * The same container of an engine's first by runc, then by Kata: what it says of its network must not differ, but that
 * Kata's is on a kernel of its own. `at` is a workplace with `engines` in it.
 */
export async function engineNet(t: ScenarioContext, { at, engine, commands }: EngineRun): Promise<void> {
  const {
    guest: { $ },
    factor,
  } = t;
  const token = randomUUID();
  const run = async (how: 'runc' | 'kata') => {
    const script = $`cd ${at}; . ./machine.sh; . ./kata.sh; . ./engines.sh
      engine_run ${engine} ${how} ${commands[how]}`;
    return pairsIn(await told(script));
  };

  await t.step('serve a page on the machine', () =>
    told($`cd ${at}; . ./machine.sh; . ./engines.sh; serve_page ${token}`),
  );
  const plain = await t.control(`control: a container of ${engine} without a VM`, async () => {
    const said = await run('runc');
    assert.ok(
      said['page'] === token,
      `a container by runc reached no server on its machine: ${said['page']}`,
    );
    return said;
  });
  const said = await t.step(`run a container of ${engine} by Kata`, () => run('kata'));

  const kernel = said['kernel'] ?? 'unknown';
  if (said['boot'] === plain['boot']) {
    const message = `the container is in no VM: it runs on the machine's own kernel (${kernel})`;
    throw Object.assign(new assert.AssertionError({ message }), { class: 'guest-kernel-same' });
  }
  if (said['gave.up'] && factor > 1) {
    throw new FarmError(
      `cannot judge ${engine}'s network: Kata waits 5 s for it, on a machine that is slower than hardware`,
    );
  }
  assert.ok(
    said['page'] === token,
    `the container reached no server on its machine, but said: ${said['page']}`,
  );
  const network = ({ gateway = '', mtu = '', address = '' }: Record<string, string>) => ({
    gateway,
    mtu,
    prefix: address.replace(/^.*\//, ''),
  });
  assert.deepEqual(network(said), network(plain), 'the network in the VM is not what it is without one');
  await t.fact('guest.kernel', kernel);
  await t.fact('container.address', said['address'] ?? 'none');
}
