import { AssertionError } from 'node:assert/strict';
import type { ScenarioContext } from '../../src/scenario.ts';
import { classed, classOf } from './classed.ts';
import { kataStack, runcRuns } from './kata.ts';
import { told } from './told.ts';

/** A VMM that can't be one, and how Kata has to fail with it. */
export interface Negative {
  /** Takes the place of the stack's VMM in a copy of its configuration. */
  readonly path: string;
  readonly class: string;
}

/**
 * Passes only where a container fails at its start, by that class. A container that runs was given another VMM than the
 * configuration says, so that no green of this stack means anything.
 */
export async function mustFail(t: ScenarioContext, { path, class: expected }: Negative): Promise<void> {
  const { at, hypervisor } = await kataStack(t, ['sandbox']);
  await runcRuns(t, at, 'before');

  await t.step(`start a container on ${path}`, async () => {
    const error = await told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh
      rm -rf negative && mkdir -p negative/config.d
      cp -L "$kata_config" negative/configuration.toml
      cp -L "$(dirname "$kata_config")"/config.d/*.toml negative/config.d/ 2>/dev/null || true
      printf '[hypervisor.%s]\npath = "%s"\nvalid_hypervisor_paths = ["%s"]\n' ${hypervisor} ${path} ${path} \
        >negative/config.d/99-negative.toml
      kata_config=$PWD/negative/configuration.toml
      start_sleeper kata negative`).then(
      () => undefined,
      (reason: unknown) => reason,
    );

    if (error === undefined) {
      throw classed(
        'negative-control',
        `a container runs though its VMM is to be ${path}: another was taken`,
      );
    }
    if (!(error instanceof AssertionError)) {
      throw error;
    }
    await t.fact('negative.class', classOf(error) ?? 'none');
    if (classOf(error) !== expected) {
      const seen = classOf(error) ?? 'no class';
      throw classed(
        'negative-control',
        `a container on ${path} failed by ${seen}, and not by ${expected}:\n${error.message}`,
      );
    }
  });

  await runcRuns(t, at, 'after');
}
