import { type Html, html } from './html.ts';
import type { View } from './view.ts';

/** What is not tested, what the words are worth, and how a word is disputed. */
export function limitsSection({ matrix, policy }: View): Html {
  const hosts = [
    ...new Set(
      matrix.evidence.runs.map(
        ({ host }) => `${host['cpu'] ?? 'unknown CPU'}, QEMU ${host['qemu'] ?? 'unknown'}`,
      ),
    ),
  ].toSorted();
  return html`<section class="notes" aria-labelledby="not-tested">
<div><h2 id="not-tested">Not tested here</h2>
<ul><li>Confidential computing: TEEs such as SEV-SNP and TDX</li><li>s390x, ppc64le and riscv64</li><li>GPU and other device passthrough</li><li>Releases that are described and that nobody has run: their rows are claims of the catalogue, no verdicts</li></ul>
<p>Host of the machines: ${hosts.join('; ') || 'none'}.</p></div>
<div><h2 id="commitment">What a word is worth</h2>
<p>It is the outcome of tests by <a href="policy.html">policy ${policy.version}</a>, of the day that stands beside it. It is testing, not a security commitment, by nobody: neither the distributions nor Kata's own people have signed it.</p></div>
<div><h2 id="dispute">How to dispute a word</h2>
<p>A word is computed and never typed in, so it changes when its data do. Wrong claim about a package: mend the release's file in <code>distros/</code> and name your source. A failure that somebody tracks: add a file with its tracker to <code>distros/known-issues/</code>. Wrong requirement: the policy is data, <code>src/domain/policy-cells.ts</code>, with a version. Wrong verdict: repeat it, each story has the command, and publish your run. All data: <a href="../matrix.json">matrix.json</a>.</p></div>
</section>`;
}
