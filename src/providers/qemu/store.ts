import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DistroId } from '../../domain/distro.ts';
import { isThere, seize } from '../../host/lock.ts';
import { openWorkspace } from '../../host/workspace.ts';
import type { Store, Stored } from '../../machine/store.ts';
import { isBare } from './argv.ts';
import { clearAway, sweepLocks } from './clear-away.ts';
import { imagesOf, keysOf } from './image-cache.ts';
import { type BuiltImageRecord, imageRecord } from './image-record.ts';
import { listKept, removeKept } from './kept.ts';
import { bytesOf, longAgo, notWhole, readJson, usedAtOf } from './stored-file.ts';
import { type TemplateRecord, templateRecord, templatesOf } from './template-store.ts';

const never = new AbortController().signal;

/** What is in a cache: images, templates that rest on them, kept machines that do as well. */
export function qemuStore(cache: string): Store {
  return { list: () => listStored(cache), remove: (item) => removeStored(cache, item) };
}

async function listStored(cache: string): Promise<readonly Stored[]> {
  const [templates, kept] = await Promise.all([listTemplates(cache), listKept(cache)]);
  const restedOn = new Set([...templates, ...kept].map(({ image }) => image));
  const images = await listImages(cache, restedOn);
  const good = new Set(images.filter(({ title }) => title === '').map(({ id }) => id));
  const told = templates.map((one) =>
    good.has(one.image) ? one : { ...one, title: `${one.title}, ${stale}` },
  );
  return [...images, ...told, ...kept].map(({ image: _, ...stored }) => stored);
}

type Listed = Stored & { readonly image: string };

async function listImages(cache: string, restedOn: ReadonlySet<string>): Promise<readonly Listed[]> {
  const known = new Set((await keysOf(cache)).map(({ made }) => made.digest));
  return listFolders(imagesOf(cache), async (id, folder) => {
    const record = await readJson<BuiltImageRecord>(join(folder, imageRecord));
    const { builtAt: madeAt, recipe } = record ?? {};
    const title = known.has(id) && (record?.index ?? record?.origin) ? '' : stale;
    const held = restedOn.has(id) || (await isHeld(join(folder, imageRecord)));
    return {
      kind: 'image',
      image: id,
      distro: recipe?.distro,
      title: record ? title : notWhole,
      madeAt,
      held,
    };
  });
}

function listTemplates(cache: string): Promise<readonly Listed[]> {
  return listFolders(templatesOf(cache), async (_, folder) => {
    const record = await readJson<TemplateRecord>(join(folder, templateRecord));
    const { parts, distro, madeAt } = record ?? {};
    const held = await isHeld(join(folder, templateRecord));
    return {
      kind: 'template',
      image: parts?.image ?? '',
      distro,
      title: record ? titleOf(record) : notWhole,
      madeAt,
      held,
    };
  });
}

/** As much of what was changed as is for people. */
const longestChange = 60;

function titleOf({ parts: { speed, argv }, derived }: TemplateRecord): string {
  const [first = ''] = derived?.change.split('\n') ?? [];
  const change = first.replaceAll(/\p{C}/gu, '').slice(0, longestChange);
  return [speed, ...(isBare(argv) ? ['bare'] : []), ...(derived ? [`derived: ${change}`] : [])].join(', ');
}

/** Of what no run will start from again. */
const stale = 'out of date';

interface Described {
  readonly kind: Stored['kind'];
  readonly image: string;
  readonly distro: string | undefined;
  readonly title: string;
  readonly madeAt: string | undefined;
  readonly held: boolean;
}

async function listFolders(
  parent: string,
  describe: (id: string, folder: string) => Promise<Described>,
): Promise<readonly Listed[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const ids = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  return Promise.all(
    ids.map(async (id) => {
      const folder = join(parent, id);
      const {
        kind,
        image,
        distro = 'not-known',
        title,
        madeAt = longAgo,
        held: inUse,
      } = await describe(id, folder);
      const usedAt = (await usedAtOf(folder)) ?? madeAt;
      return {
        kind,
        id,
        image,
        distro: distro as DistroId,
        title,
        bytes: await bytesOf(folder),
        madeAt,
        usedAt,
        inUse,
      };
    }),
  );
}

async function isHeld(file: string): Promise<boolean> {
  await using held = await seize(file, never);
  return !held && (await isThere(file));
}

async function removeStored(cache: string, { kind, id }: Stored): Promise<'removed' | 'in use'> {
  if (kind === 'kept') {
    await using workspace = await openWorkspace(cache);
    return await removeKept(cache, id, workspace.files);
  }
  const stored = (await listStored(cache)).find((one) => one.kind === kind && one.id === id);
  if (!stored) {
    return 'removed';
  }
  if (stored.inUse) {
    return 'in use';
  }
  const [parent, record] =
    kind === 'image' ? [imagesOf(cache), imageRecord] : [templatesOf(cache), templateRecord];
  await using workspace = await openWorkspace(cache);
  if (!(await clearAway(join(parent, id), record, workspace.files, never))) {
    return 'in use';
  }
  const leading = (await keysOf(cache)).filter(({ made }) => kind === 'image' && made.digest === id);
  await Promise.all(leading.map(({ file }) => rm(file, { force: true })));
  await Promise.all([imagesOf(cache), templatesOf(cache)].map(sweepLocks));
  return 'removed';
}
