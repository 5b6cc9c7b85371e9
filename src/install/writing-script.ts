import { stringify } from 'smol-toml';
import { posixQuote } from '../machine/quote.ts';
import { folderOf, type Variant } from './variant.ts';

/** A folder a stack, with a copy of Kata's file: drop-ins are looked for beside what a link leads to, and links are refused. */
export function writingScript(variants: readonly Variant[]): string {
  const lines = variants.flatMap(({ stack, base, dropIn, installed: { shim, config } }) => {
    const name = `containerd-shim-kata-${stack.replaceAll(/[^a-z]/g, '-')}-v2`;
    return [
      `mkdir -p ${folderOf(stack)}/config.d /usr/local/bin`,
      `cp -L ${posixQuote(base)} ${config}`,
      `printf '%s\\n' ${posixQuote(stringify(dropIn))} >${folderOf(stack)}/config.d/60-katafarm.toml`,
      `ln -sf ${posixQuote(shim)} /usr/local/bin/${name}`,
      `[ -e /usr/local/bin/containerd-shim-kata-v2 ] || ln -s ${posixQuote(shim)} /usr/local/bin/containerd-shim-kata-v2`,
    ];
  });
  return ['mkdir -p /etc/katafarm', ...lines].join('\n');
}
