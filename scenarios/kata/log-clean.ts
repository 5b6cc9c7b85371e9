import type { Scenario } from '../../src/scenario.ts';
import { classed } from '../parts/classed.ts';
import { between, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { logSources, unexplained } from '../parts/log-allowances.ts';
import { sectionsIn } from '../parts/sections.ts';
import { told } from '../parts/told.ts';

export default {
  title: "A container's life by Kata leaves no error, panic or denial in the machine's logs",
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 60,

  async run(t) {
    const { at, runtime } = await kataStack(t, ['sandbox', 'logs']);
    const { $ } = t.guest;
    if ((await $`command -v journalctl >/dev/null || echo none`.quiet().text()) !== '') {
      t.skip('there is no journal, which is the only place that Kata logs to');
    }

    const logs = await between(t, at, async () => {
      await t.step('a container that ends, and one that is killed', () =>
        told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh; . ./logs.sh
          remember_logs
          remember_traces
          run_to_end kata ended "$kata_image" ended true
          start_sleeper kata killed
          inside killed true
          end_sandbox killed
          expect_nothing_left`),
      );
      return await t.step('read the logs since', () =>
        told($`cd ${at}; . ./machine.sh; . ./logs.sh; new_logs`),
      );
    });

    const sections = sectionsIn(`${logs}\n`, [...logSources, 'spoken']);
    // A journal that heard nothing of Kata would be clean for the wrong reason.
    if (sections.spoken.trim() === '0') {
      throw classed('log-silent', "the journal has no word of Kata's shim");
    }
    const dirt = logSources.map((source) => ({
      source,
      lines: unexplained(source, sections[source], runtime),
    }));
    const found = dirt.filter(({ lines }) => lines.length > 0);
    if (found.length > 0) {
      const text = found.map(({ source, lines }) => `${source}:\n${lines.slice(0, 10).join('\n')}`);
      throw classed(kindOf(found.map(({ source }) => source)), text.join('\n'));
    }
  },
} satisfies Scenario;

const kindOf = (sources: readonly string[]) => (sources.includes('denials') ? 'policy-denial' : 'log-error');
