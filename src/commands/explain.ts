import { Command } from 'commander';
import { plain } from '../domain/text.ts';
import { explanationText } from '../report/explanation-text.ts';
import type { Verb } from './context.ts';
import { type CellOptions, explainCell } from './explain-cell.ts';

const examples = `
Examples:
  katafarm explain debian-12/qemu/vmm.virtiofsd.start               in the newest run in which it was not green
  katafarm explain debian-12/qemu/vmm.virtiofsd.start --run RUN     in this run: an id below reports/runs, or a path
  katafarm explain debian-12/qemu/vmm.virtiofsd.start --json        the same as one JSON value

It reads journals and the files beside them: no machine, no network. What its words mean: docs/diagnosis.md.
`;

/** Whose fault a cell's failure is, and what that rests on; of any other outcome, why there is nothing of the kind. */
export const explain: Verb = (context) =>
  new Command('explain')
    .description("whose fault a cell's failure is: the reasoning, the experiments, the evidence in its place")
    .argument('<cell>', 'a cell: RELEASE/STACK/SCENARIO')
    .option('--run <run>', 'the run to look into: an id below reports/runs, or a path')
    .option('--out <dir>', 'where runs are kept ($KATAFARM_OUT)')
    .option('--json', 'print one JSON value instead')
    .addHelpText('after', examples)
    .action(async (cell: string, options: CellOptions) => {
      const { told } = await explainCell(context, cell, options);
      context.out(options.json ? jsonOf(told) : explanationText(told));
    });

/** One JSON value; terminals obey some control characters that JSON leaves as they are. */
export function jsonOf(value: unknown): string {
  return `${JSON.stringify(value, (_, one) => (typeof one === 'string' ? plain(one) : one), 2)}\n`;
}
