import { dirname } from 'node:path';
import type { Context } from '../../src/commands/context.ts';
import { main } from '../../src/commands/main.ts';
import { verbs } from '../../src/commands/verbs.ts';
import { fakeProvider } from './fake-provider.ts';

/** katafarm of a checkout, `NIGHT` by its clock (ISO time), on machines that are folders: `node nightly-driver.ts PATH-OF-LAUNCHER WORD…`. */
const [launcher = '', ...argv] = process.argv.slice(2);
const began = performance.now();
const night = Date.parse(process.env['NIGHT'] ?? '');
const context: Context = {
  root: dirname(launcher),
  cwd: process.cwd(),
  env: process.env,
  now: () => new Date(night + performance.now() - began),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal: { live: false, color: false, columns: 0 },
  providers: async () => [await fakeProvider()],
  signal: new AbortController().signal,
  exit: (code) => {
    process.exitCode = code;
  },
};
await main(argv, context, { verbs, version: '0.0.0-test' });
