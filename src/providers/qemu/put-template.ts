import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runBound } from '../../host/bound-child.ts';
import { share } from '../../host/lock.ts';
import { removeTree } from '../../host/remove-tree.ts';
import { clearAway } from './clear-away.ts';
import type { FrozenState } from './freeze.ts';
import { seal } from './seal.ts';
import { usedFile } from './stored-file.ts';
import {
  placed,
  type TemplateRecord,
  type TemplateStore,
  templateFiles,
  templateModes,
  templateRecord,
  templatesOf,
} from './template-store.ts';

/**
 * Puts a frozen machine into the store: in one step, when it is complete, in place of one of the same key. Says where
 * its files are from then on; undefined, and nothing moved, where another farm is at work with one of the same key.
 */
export async function putTemplate(
  { cache, scratch, uses }: TemplateStore,
  frozen: FrozenState,
  about: Omit<TemplateRecord, 'seals'>,
  signal: AbortSignal,
): Promise<FrozenState | undefined> {
  const target = join(templatesOf(cache), about.key);
  await mkdir(templatesOf(cache), { recursive: true });
  await uses.drop(join(target, templateRecord));
  if (!(await clearAway(target, templateRecord, scratch, signal))) {
    return undefined;
  }

  const staged = join(scratch, `template-${about.key.slice(0, 16)}`);
  await removeTree(staged);
  await mkdir(staged, { mode: 0o700 });
  const to = templateFiles(staged);
  await rename(frozen.spec.memory.file, to.memory);
  await rename(frozen.state, to.state);
  await rename(frozen.spec.disk, to.disk);
  await copyFile(frozen.identity.key, to.identity.key);
  await copyFile(frozen.identity.knownHosts, to.identity.knownHosts);
  await rest(to.disk, join('..', '..', 'images', about.parts.image, 'disk.raw'), signal);

  const seals = await Promise.all(
    Object.entries(templateModes).map(
      async ([name, how]) => [name, await seal(join(staged, name), ...how)] as const,
    ),
  );
  const record: TemplateRecord = { ...about, seals: Object.fromEntries(seals) };
  await writeFile(join(staged, usedFile), '');
  await writeFile(join(staged, templateRecord), JSON.stringify(record, undefined, 2), { mode: 0o400 });
  const held = await share(join(staged, templateRecord), signal);
  await rename(staged, target);
  if (held) {
    uses.hold(join(target, templateRecord), held);
  }
  return placed(frozen, target);
}

/** A path from the disk's own folder: so the cache can be moved. Nothing is read: what it rests on is the same. */
async function rest(disk: string, base: string, signal: AbortSignal): Promise<void> {
  const argv = ['qemu-img', 'rebase', '-q', '-u', '-F', 'raw', '-b', base, disk];
  const { code, output } = await runBound(argv, { signal });
  if (code !== 0) {
    throw new Error(`cannot put the template's disk away: ${output.trim()}`);
  }
}
