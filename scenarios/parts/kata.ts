import assert from 'node:assert/strict';
import type { InstalledKata, InstalledStack } from '../../src/domain/installed-kata.ts';
import type { StackId } from '../../src/domain/stack.ts';
import type { ScenarioContext } from '../../src/scenario.ts';
import { pairsIn } from './pairs.ts';
import { told } from './told.ts';
import { type Library, workplace } from './workplace.ts';

/** As src/domain/installed-kata.ts has them: a scenario imports nothing from the farm at run time. */
const kataFile = '/etc/katafarm/kata.json';
/** Imported into containerd's namespaces when Kata was installed; it holds busybox. */
export const image = 'localhost/katafarm/busybox:1';

/** This cell's stack, as it is in this machine, and the scenario's folder there, with kata.sh and its settings. */
export interface KataStack extends InstalledStack {
  readonly at: string;
  readonly kata: InstalledKata;
}

/**
 * Makes ready for containers of this cell's stack: records what is tested, says what it departs in, skips the scenario
 * where the stack can't be put together in this machine. Scripts begin with `cd ${at}; . ./machine.sh; . ./kata.sh`.
 */
export async function kataStack(
  t: ScenarioContext,
  libraries: readonly Library[] = [],
  instruments: readonly string[] = ['busybox', 'ctr'],
): Promise<KataStack> {
  const at = await workplace(t, ['kata', 'kata-class', ...libraries], instruments);
  const kata = JSON.parse(await t.guest.$`cat ${kataFile}`.quiet().text()) as InstalledKata;
  const stack = kata.stacks[t.cell.stack];
  if (!stack) {
    return t.skip(kata.absent[t.cell.stack] ?? `this Kata has no ${t.cell.stack}`);
  }

  await chooseStack(t, at, t.cell.stack, stack);
  await t.fact('kata.version', kata.version);
  await t.fact('kata.source', kata.source);
  await t.fact('kata.digest', kata.digest);
  await t.fact('kata.runtime', stack.runtime);
  for (const [index, text] of stack.stretched.entries()) {
    await t.fact(`stretched.${index + 1}`, text);
  }
  for (const text of stack.departures) {
    t.degrade(text);
  }
  return { ...stack, at, kata };
}

/** From here on `ctr_run kata` in the machine means that stack. */
export async function chooseStack(
  t: Pick<ScenarioContext, 'guest'>,
  at: string,
  id: StackId,
  { config }: Pick<InstalledStack, 'config'>,
): Promise<void> {
  const runtime = `io.containerd.kata-${id.replaceAll(/[^a-z]/g, '-')}.v2`;
  await t.guest.$`cat >${at}/kata.env <<END
kata_runtime=${runtime}
kata_config=${config}
kata_image=${image}
END`;
}

/** The same container without a VM, first and last in every cell of Kata's: where it doesn't run, nothing here is a verdict. */
export async function runcRuns(t: ScenarioContext, at: string, when: 'before' | 'after'): Promise<void> {
  await t.control(`control: a container without a VM, ${when}`, async () => {
    const said = await told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh
      start_containerd
      run_to_end runc ${`control-${when}`} "$kata_image" ${`control-${when}`} sh -c 'echo "kernel=$(uname -r)"'
      cat ${`control-${when}`}.out
      echo "machine=$(uname -r)"`);
    const { kernel, machine } = pairsIn(said);
    assert.ok(
      kernel === machine,
      `a container without a VM says kernel ${kernel}, and its machine runs ${machine}`,
    );
  });
}

/** A scenario's deed between its two controls. A red is one only where the machine is sound after it as well. */
export async function between<T>(t: ScenarioContext, at: string, deed: () => Promise<T>): Promise<T> {
  await runcRuns(t, at, 'before');
  try {
    return await deed();
  } finally {
    await runcRuns(t, at, 'after');
  }
}
