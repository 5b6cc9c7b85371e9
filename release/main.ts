import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { complaintsOf, distTagOf, notesOf, type ReleaseFiles } from './release.ts';

const usage = `usage: node release/main.ts check [TAG]     may these files be released, as that tag
       node release/main.ts notes VERSION   what the changelog says of a version
       node release/main.ts dist-tag        the npm tag of package.json's version
`;

const root = resolve(import.meta.dirname, '..');
const [what, word] = process.argv.slice(2);
process.exitCode = run(await files(), what, word);

async function files(): Promise<ReleaseFiles> {
  const textOf = (file: string) => readFile(resolve(root, file), 'utf8');
  const versionIn = async (file: string) => (JSON.parse(await textOf(file)) as { version: string }).version;
  return {
    version: await versionIn('package.json'),
    locked: await versionIn('package-lock.json'),
    changelog: await textOf('CHANGELOG.md'),
  };
}

function run(release: ReleaseFiles, verb: string | undefined, argument: string | undefined): number {
  switch (verb) {
    case 'check': {
      const complaints = complaintsOf(release, argument);
      process.stderr.write(complaints.map((line) => `cannot release: ${line}\n`).join(''));
      return complaints.length > 0 ? 1 : 0;
    }
    case 'notes': {
      const notes = notesOf(release.changelog, argument ?? release.version);
      process.stdout.write(notes ? `${notes}\n` : '');
      return notes ? 0 : 1;
    }
    case 'dist-tag':
      process.stdout.write(`${distTagOf(release.version)}\n`);
      return 0;
    default:
      process.stderr.write(usage);
      return 2;
  }
}
