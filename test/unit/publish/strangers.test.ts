import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { strangers } from '../../../src/publish/strangers.ts';

it('are pages that are not written any more, in all folders of pages, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'katafarm-strangers-'));
  try {
    const kept = ['site/index.html', 'distros/debian-13.md', 'site/distros/debian-13.html'];
    const stale = [
      'distros/debian-9.md',
      'osinfo/debian-9.yaml',
      'site/old.html',
      'site/stories/debian-9.js',
      'site/runs/1.html',
    ];
    const others = [
      ...[
        'matrix.json',
        'history/runs.jsonl',
        'site/CNAME',
        'site/.nojekyll',
        'site/distros/notes.txt',
        'badges/x.svg',
      ],
      ...['site/own/page.html', 'site/stories/deep/x.js', 'distros/page.html', 'runs/1/journal.jsonl'],
    ];
    for (const path of [...kept, ...stale, ...others]) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), '');
    }
    // Of somebody's own folder, which the site's leads to, nothing goes.
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(join(folder, 'elsewhere/page.html'), '');
    await symlink(join(folder, 'elsewhere/page.html'), join(folder, 'site/linked.html'));

    const found = await strangers(
      folder,
      kept.map((path) => ({ path, text: '' })),
    );

    expect(found.toSorted()).toEqual(stale.toSorted());
  } finally {
    await rm(folder, { recursive: true });
  }
});
