import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';
import { kataArguments, readyLine } from '../parts/virtiofsd.ts';
import { workplace } from '../parts/workplace.ts';

export default {
  title: "The distro's virtiofsd starts with Kata's arguments",
  on: ['qemu'],
  needs: { parts: ['virtiofsd'] },
  stepSeconds: 20,

  async run(t) {
    const at = await workplace(t, ['virtiofsd']);
    const { path } = t.part('virtiofsd');

    const said = await t.step('start virtiofsd as Kata does', () =>
      told(t.guest.$`cd ${at}; . ./machine.sh; . ./virtiofsd.sh
        mkdir -p shared
        echo "virtiofsd.version=$(${path} --version 2>&1 | head -n 1)"
        start_virtiofsd ${readyLine} ${path} ${kataArguments('socket', 'shared')}
        sleep 0.5
        alive "$virtiofsd" || virtiofsd_ended
        [ -S socket ] || fail 'virtiofsd says that it waits, and there is no socket'
        identify virtiofsd "/proc/$virtiofsd/exe"
        echo "distro.path=$(readlink -f ${path})"`),
    );

    const { 'distro.path': distros, ...facts } = pairsIn(said);
    await record(t, facts);
    assert.ok(
      facts['virtiofsd.path'] === distros,
      `what ran is ${facts['virtiofsd.path']}, and not the distro's ${distros}`,
    );
  },
} satisfies Scenario;
