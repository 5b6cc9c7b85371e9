import type { Scenario, ScenarioContext } from '../../src/scenario.ts';
import { classed } from '../parts/classed.ts';
import { kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { pairsIn } from '../parts/pairs.ts';
import { sectionsIn } from '../parts/sections.ts';
import { told } from '../parts/told.ts';

/** By which Kata says what it thinks of a machine: one is of the Go runtime's archive, one of the tools'. */
const tools = ['kata-runtime', 'kata-ctl'] as const;
type Tool = (typeof tools)[number];

// Its exit status is no verdict: it is 0 without vhost_vsock, and not 0 on an AMD machine where all is well.
export default {
  title: "Kata's own check of the machine runs, and what it finds is told",
  on: distroStacks,
  needs: { devices: ['/dev/kvm'] },
  restsOn: ['host.kvm'],
  stepSeconds: 30,

  async run(t) {
    const { at, config } = await kataStack(t, [], ['busybox']);
    const found = await t.guest.$`ls /opt/kata/bin /usr/bin /usr/local/bin 2>/dev/null || true`
      .quiet()
      .text();
    const here = tools.filter((tool) => found.split('\n').includes(tool));
    if (here.length === 0) {
      t.skip(`this Kata has neither ${tools.join(' nor ')}`);
    }

    for (const tool of here) {
      await ask(t, at, tool, config);
    }
  },
} satisfies Scenario;

/** kata-ctl takes no configuration but the one where Kata looks for it. */
const words = (
  config: string,
): Readonly<Record<Tool, { readonly check: readonly string[]; readonly env: readonly string[] }>> => ({
  'kata-runtime': {
    check: ['--config', config, 'check', '--no-network-checks'],
    env: ['--config', config, 'env', '--json'],
  },
  'kata-ctl': { check: ['check', 'no-network-checks'], env: ['env', '--json'] },
});

async function ask(t: ScenarioContext, at: string, tool: Tool, config: string): Promise<void> {
  const { check, env } = words(config)[tool];

  const said = await t.step(`ask ${tool}`, () =>
    told(t.guest.$`cd ${at}; . ./machine.sh
      PATH=/opt/kata/bin:$PATH
      status=0
      ${tool} ${check} >check.log 2>&1 || status=$?
      show ${`what ${tool} finds`} check.log
      case $status in 126 | 127) fail_as loader ${`${tool} does not run`} "$(last check.log)" ;; esac
      echo "== check"
      echo "status=$status"
      echo "said=$(last check.log | tail -n 1)"
      echo "== env"
      ${tool} ${env} 2>env.log || show ${`why ${tool} tells nothing of its surroundings`} env.log`),
  );

  const { check: checked, env: surroundings } = sectionsIn(`${said}\n`, ['check', 'env']);
  const { status = 'unknown', said: last = '' } = pairsIn(checked);
  await t.fact(`check.${tool}.status`, status);
  await t.fact(`check.${tool}.said`, last);
  if (surroundings.trim() === '') {
    return;
  }
  await t.fact(`env.${tool}`, JSON.stringify(parsed(tool, surroundings)));
}

function parsed(tool: Tool, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw classed(
      'check-garbled',
      `what ${tool} tells of its surroundings is no JSON:\n${text.slice(0, 500)}`,
    );
  }
}
