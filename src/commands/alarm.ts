import { join } from 'node:path';
import { Command, Option } from 'commander';
import { ageInDays, newestData } from '../domain/silence-of-nights.ts';
import { publishedEvidence } from '../publish/published-evidence.ts';
import type { Issue, Tracker } from '../tracker/issue.ts';
import { marked, markerIn } from '../tracker/marker.ts';
import type { Context, Verb } from './context.ts';
import { publishedFolder } from './folders.ts';
import { days } from './parsers.ts';
import { addTracker, type TrackerChoice, trackerOf } from './tracker-option.ts';

const examples = `
Examples:
  katafarm alarm                        exit 3 if nothing was published for two days
  katafarm alarm --after 4d             of a farm that runs twice a week
  katafarm alarm --write                and an issue, which is closed when there is data again

To be called by something else than the nightly itself: what is dead says nothing. Only runs count in which a cell came to a
verdict. Exit status: 0 there is data, 3 there is none, or it is too old.
`;

/** The issue's own key. */
const key = 'no-new-data';

interface Options extends TrackerChoice {
  readonly after: number;
  readonly published?: string;
}

/** The absence of news, as news. */
export const alarm: Verb = (context) =>
  addTracker(new Command('alarm'))
    .description('whether the nightly still brings data: exit 3 where it has not for two days')
    .addOption(
      new Option('--after <days>', 'how old the newest data may be: 2d')
        .argParser(days('--after'))
        .default(2, '2d'),
    )
    .option('--published <dir>', 'the folder that is published, instead of reports')
    .addHelpText('after', examples)
    .action(async (options: Options) => {
      const { published, after } = options;
      const folder = await publishedFolder(context, published);
      const evidence = (await publishedEvidence(join(folder, 'matrix.json')))?.evidence;
      const newest = newestData(evidence?.runs ?? []);
      const age = newest && ageInDays(newest.startedAt, context.now().toISOString());
      const isSilent = age === undefined || age > after;
      const since = newest ? `since ${newest.startedAt} (${newest.id})` : 'at all';
      const words = isSilent
        ? `no new data ${since}`
        : `the newest data is of ${newest?.startedAt} (${newest?.id})`;

      context.out(`${words}\n`);
      const tracker = trackerOf(context, options);
      if (options.write && tracker) {
        await write(context, tracker, isSilent, words);
      }
      context.exit(isSilent ? 3 : 0);
    });

async function write({ out }: Context, tracker: Tracker, isSilent: boolean, words: string): Promise<void> {
  const ours = (issue: Issue) => issue.isOpen && markerIn(issue.body)?.key === key;
  const open = (await tracker.issues()).find(ours);
  if (isSilent && !open) {
    const text = `The farm has brought ${words}. Look at the nightly's last jobs, and at whether it is still started.`;
    const made = await tracker.create('the nightly brings no data', marked({ key, cells: [] }, text));
    out(`opened ${made.url}\n`);
  }
  if (!isSilent && open) {
    await tracker.comment(open, `There is data again: ${words}.`);
    await tracker.update(open, { state: 'closed' });
    out(`closed ${open.url}\n`);
  }
}
