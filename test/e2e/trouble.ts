import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Scenarios whose machines get into trouble, each in its own way. Their ids begin with `host.trouble.`. */
const troubles: Readonly<Record<string, string>> = {
  hang: `
    title: 'a command that never ends, on a machine that is well',
    // Begun when the control was timed: by that a hang is told from slowness.
    restsOn: ['control.runc'],
    on: ['host'],
    stepSeconds: 5,
    async run({ step, guest: { $ } }) {
      await step('wait for what never comes', () => $\`echo waiting for a train; sleep 100000\`);
    },`,

  gone: `
    title: 'a QEMU that ends while something waits for it',
    on: ['qemu'],
    needs: { parts: ['qemu'] },
    stepSeconds: 8,
    async run({ step, part, factor, guest: { $ } }) {
      await step('wait for QEMU', () => $\`
        \${part('qemu').path} -machine none -display none -nodefaults -serial none -monitor none &
        sleep \${Math.round(5 * factor)}
        kill $!
        echo QEMU is on its own
        sleep 100000\`);
    },`,

  panic: `
    title: 'a kernel that panics',
    on: ['host'],
    async run({ step, guest: { $ } }) {
      await step('let the kernel panic', () => $\`echo 1 >/proc/sys/kernel/sysrq; echo c >/proc/sysrq-trigger; sleep 100000\`);
    },`,

  frozen: `
    title: 'a guest that hangs in the kernel, and answers nothing any more',
    on: ['host'],
    stepSeconds: 8,
    async run({ step, guest: { $ } }) {
      await step('take every processor for good', () => $\`
        mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
        for share in /sys/kernel/debug/sched/fair_server/cpu*/runtime; do
          [ ! -e "$share" ] || echo 0 >"$share"
        done
        echo -1 >/proc/sys/kernel/sched_rt_runtime_us
        echo going
        sleep 1
        for processor in $(seq "$(nproc)"); do
          chrt -f 99 sh -c 'while :; do :; done' &
        done
        wait\`);
    },`,

  killed: `
    title: 'a machine whose QEMU is killed',
    on: ['host'],
    async run({ step, guest: { $ } }) {
      await step('wait to be killed', () => $\`echo ready to be killed; sleep 100000\`);
    },`,

  output: `
    title: 'a command that prints 1 GB',
    on: ['host'],
    stepSeconds: 120,
    async run({ step, guest: { $ } }) {
      await step('print', () => $\`yes 'all work and no play' | head -c 1000000000\`);
    },`,

  console: `
    title: 'a machine that writes 1 GB to its console',
    on: ['host'],
    stepSeconds: 600,
    async run({ step, guest: { $ } }) {
      await step('write', () => $\`yes 'all work and no play' | head -c 1000000000 >/dev/ttyS0\`);
    },`,

  clock: `
    title: "a machine's clock that jumps a day ahead and back",
    on: ['host'],
    async run({ step, fact, guest: { $ } }) {
      await step('a day ahead', () => $\`date -s @$(($(date +%s) + 86400)); sleep 1\`);
      await step('two days back', () => $\`date -s @$(($(date +%s) - 172800)); sleep 1\`);
      await fact('uname', (await step('go on', () => $\`uname -r\`.text())).trim());
    },`,
};

export type Trouble = 'hang' | 'gone' | 'panic' | 'frozen' | 'killed' | 'output' | 'console' | 'clock';

/** Writes them as a user's own folder of scenarios; its path. */
export async function troubleFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'trouble-'));
  await mkdir(join(folder, 'host'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  for (const [name, text] of Object.entries(troubles)) {
    await writeFile(join(folder, 'host', `trouble.${name}.ts`), `export default {${text}\n};\n`);
  }
  return folder;
}
