import { readFile } from 'node:fs/promises';
import { countsOf } from './support/counts.ts';

const [file = '', status = '1'] = process.argv.slice(2);
const report = await readFile(file, 'utf8').catch(() => '');

process.stdout.write(`${countsOf(report, Number(status))}\n`);
