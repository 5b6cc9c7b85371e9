import { Command } from 'commander';
import type { Distro } from '../domain/distro.ts';
import { UserError } from '../errors.ts';
import type { Folders } from '../load/folders.ts';
import { checkDistros } from '../load/load-distros.ts';
import { bugReport } from '../report/bug-report.ts';
import type { Explanation } from '../report/explanation.ts';
import { redactor } from '../report/redact.ts';
import { type ByHand, byHand } from '../report/repeat-commands.ts';
import { sharedCommand } from '../report/shared-command.ts';
import { titleIn } from '../report/transcript-steps.ts';
import { whereTo } from '../report/where-to.ts';
import { addDistrosFolder } from './add-folders.ts';
import type { Context, Verb } from './context.ts';
import { jsonOf } from './explain.ts';
import { type CellOptions, explainCell } from './explain-cell.ts';
import type { FoundCell } from './find-cell.ts';
import { distroFolders, type OwnFolders } from './folders.ts';
import { privateFacts } from './private-facts.ts';
import { textBelow } from './read-excerpts.ts';

const examples = `
Examples:
  katafarm bug debian-12/qemu/vmm.virtiofsd.start > bug.md     a report, from the newest run in which it failed
  katafarm bug debian-12/qemu/vmm.virtiofsd.start --run RUN    from this run: an id below reports/runs, or a path
  katafarm bug debian-12/qemu/vmm.virtiofsd.start --json       the same as one JSON value, with where it belongs

It is made from the run's files alone, and sends nothing. Names of hosts and users, folders, addresses and secrets
are taken out; read it all the same before you send it. Where nobody is named, it says so, and to whom not to send it.
`;

type BugOptions = CellOptions & Omit<OwnFolders, 'scenarios'>;

/** A failure as Markdown for the tracker of those who can mend it. */
export const bug: Verb = (context) =>
  addDistrosFolder(new Command('bug'))
    .description("a cell's failure as Markdown, for the tracker of those who can mend it")
    .argument('<cell>', 'a cell: RELEASE/STACK/SCENARIO')
    .option('--run <run>', 'the run to look into: an id below reports/runs, or a path')
    .option('--out <dir>', 'where runs are kept ($KATAFARM_OUT)')
    .option('--json', 'print one JSON value instead')
    .addHelpText('after', examples)
    .action(async (id: string, options: BugOptions) => {
      const { found, told } = await explainCell(context, id, options);
      refuseOthers(told);
      const report = await reportOf(context, found, told, options);
      context.out(options.json ? jsonOf({ cell: told.cell, run: told.run, ...report }) : report.markdown);
    });

/** Only a verdict can be reported: the rest is nobody's fault, or the farm's own. */
function refuseOthers({ cell, status, says, next, answer, finding }: Explanation): void {
  const first = next[0] ? `; ${next[0].what}: ${next[0].command}` : '';
  if (status !== 'failed') {
    const why = answer === 'errored' && finding ? `${says} (${finding.component})` : says;
    const sentence = `${why.charAt(0).toLowerCase()}${why.slice(1)}`.replace(/\.$/, '');
    throw new UserError(`cannot report ${cell} to anybody: ${sentence}${first}`);
  }
}

/** The report of a failed cell, as a tracker takes it. */
export async function reportOf(context: Context, found: FoundCell, told: Explanation, own: BugOptions) {
  const { run, tested, folder } = found;
  const { cell, result } = tested;
  const release = run.distros.find(({ id }) => id === cell.distro);
  const distro = await releaseIn(distroFolders(context, own), cell.distro);
  const transcript = await transcriptOf(folder, told);
  const batch = run.plan.batches.find(({ cells }) => cells.some(({ id }) => id === cell.id));
  const { speed } = (batch && run.batchFacts.get(batch.id)) ?? {};

  return bugReport(told, {
    to: whereTo(result?.finding, { distro, release: cell.distro, stack: cell.stack }),
    release: release ?? { id: cell.distro, title: cell.distro, rolling: false, notes: [] },
    title: transcript === undefined ? undefined : titleIn(transcript),
    machine: machineOf(run.host['qemu'], speed),
    byHand: byHandOf(found, transcript),
    again: sharedCommand(cell, run.command),
    redact: redactor(privateFacts(context, { folder, command: run.command })),
  });
}

function byHandOf({ tested }: FoundCell, transcript: string | undefined): ByHand | undefined {
  const { cell, outcome } = tested;
  if (transcript === undefined || outcome?.status !== 'failed') {
    return undefined;
  }
  return byHand(cell.scenario, transcript, { step: outcome.step, message: outcome.message });
}

/** For readers who have never heard of speed classes. */
const speedWords: Readonly<Record<string, string>> = {
  'kvm-nested': 'with hardware virtualisation in the machine as well',
  kvm: 'with hardware virtualisation, none in the machine',
  'tcg+svm': 'which emulates them whole: slow, and no hardware took part',
};

function machineOf(qemu: string | number | undefined, speed: string | number | undefined): string {
  const by = qemu === undefined ? '' : `Its machines run on QEMU ${qemu}`;
  const how = speed === undefined ? '' : `, ${speedWords[speed] ?? `speed class ${speed}`}`;
  return by === '' ? '' : `${by}${how}.`;
}

async function transcriptOf(folder: string, { files }: Explanation): Promise<string | undefined> {
  const file = files.find((path) => path.endsWith('/transcript.txt'));
  const text = file === undefined ? undefined : await textBelow(folder, file);
  return typeof text === 'string' ? text : undefined;
}

/** A run may be of a release that this checkout doesn't have; it can be told of without. */
async function releaseIn(folders: Folders, id: string): Promise<Distro | undefined> {
  const { values } = await checkDistros(folders).catch(() => ({ values: [] }));
  return values.find((one) => one.id === id);
}
