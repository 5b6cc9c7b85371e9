/** Loaded into the farm before anything else: as it ends, writes down what it used itself, its children left out. */
import { writeFileSync } from 'node:fs';

const file = process.env['KATAFARM_BENCH_OWN_CPU'];

process.on('exit', () => {
  if (file) {
    const { user, system } = process.cpuUsage();
    const { maxRSS } = process.resourceUsage();
    writeFileSync(file, JSON.stringify({ seconds: (user + system) / 1e6, peakMiB: maxRSS / 1024 }));
  }
});
