import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { live } from '../../src/commands/view/live.ts';
import { screenOf } from '../../src/commands/view/screen.ts';
import { parseJournal } from '../../src/journal/parse.ts';
import { waiting } from '../../src/report/live-state.ts';

/** Shows a recorded run on this terminal, a note each so many milliseconds; a second Ctrl-C ends it at once. */
const [journal = '', pause = '20', after = '0'] = process.argv.slice(2);
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (stop.signal.aborted) {
      process.exit(130);
    }
    stop.abort(name);
  });
}

const entries = parseJournal(await readFile(journal, 'utf8'));
const [head] = entries;
if (head?.type !== 'run-started') {
  throw new TypeError('a journal begins with run-started');
}
{
  await using watcher = live(screenOf(process, true), waiting(head.run, head.plan, performance.now()), {
    verbose: false,
    signal: stop.signal,
  });
  for (const entry of entries) {
    watcher.noted(entry);
    if (entry.type === 'cell-started') {
      watcher.heard(entry.cell, 'as the guest printed it: \u001b[31mred\u001b[0m 日本語\n');
    }
    await sleep(Number(pause));
  }
  // Something that goes on, as a machine would.
  await sleep(Number(after));
}
process.stdout.write(`cpu ${Math.round(process.cpuUsage().user / 1000)} ms\n`);
