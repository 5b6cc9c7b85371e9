import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { pairsIn } from '../parts/pairs.ts';
import { essential, featuresIn, missingOf, optional } from '../parts/qemu-features.ts';
import { sectionsIn } from '../parts/sections.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

export default {
  title: "The distro's QEMU has what Kata asks of it",
  on: ['qemu'],
  needs: { parts: ['qemu'] },
  stepSeconds: 30,

  async run(t) {
    const { $ } = t.guest;
    const at = await workplace(t);
    const { path: qemu } = t.part('qemu');

    const facts = await t.step('identify QEMU', () =>
      told($`cd ${at}; . ./machine.sh
        identify qemu ${qemu}
        ${qemu} --version >version.out 2>version.log || fail "QEMU does not say its version" "$(last version.log)"
        echo "qemu.version=$(head -n 1 version.out)"`),
    );
    await record(t, pairsIn(facts));

    const lists = await t.step('ask what it has', () =>
      told($`cd ${at}; . ./machine.sh
        ask() { echo "== $1"; shift; "$@" 2>&1 || fail "$* ended with $?"; }
        ask machines ${qemu} -machine help
        ask accelerators ${qemu} -accel help
        ask devices ${qemu} -device help
        ask objects ${qemu} -object help
        ask file ${qemu} -object memory-backend-file,help`),
    );
    const help = sectionsIn(lists, ['machines', 'accelerators', 'devices', 'objects', 'file']);
    const there = featuresIn(help);
    const options = ['share', 'readonly'].filter((option) => !help.file.includes(`${option}=`));

    // By use: a name in a list says nothing of the kernel, or of how QEMU was built.
    const used = await t.step('use io_uring, Linux AIO and the sandbox', () =>
      told($`cd ${at}; . ./machine.sh
        truncate -s 1M disk
        try() {
          key=$1; shift
          echo "trying $key" >&2
          if printf '%s\n' '{"execute": "qmp_capabilities"}' '{"execute": "quit"}' |
            ${qemu} -nodefaults -no-user-config -display none -S -machine none -qmp stdio "$@" >try.out 2>try.log
          then echo "$key=yes"; else echo "$key=no: $(last try.log | tr '\n' ' ')"; fi
        }
        try qemu.aio.io_uring -blockdev driver=file,filename=disk,node-name=disk,aio=io_uring
        try qemu.aio.native -blockdev driver=file,filename=disk,node-name=disk,aio=native,cache.direct=on
        try qemu.sandbox -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny`),
    );
    const uses = pairsIn(used);
    await record(t, uses);
    await t.fact('qemu.optional.missing', missingOf(optional[t.distro.arch], there).join(', ') || 'nothing');

    const missing = [
      ...missingOf(essential[t.distro.arch], there),
      ...options.map((option) => `memory-backend-file's ${option}`),
      ...Object.entries(uses)
        .filter(([, answer]) => answer !== 'yes')
        .map(([key, answer]) => `${key.slice('qemu.'.length)} (${answer})`),
    ];
    assert.ok(missing.length === 0, `the distro's QEMU lacks what Kata needs: ${missing.join(', ')}`);
  },
} satisfies Scenario;
