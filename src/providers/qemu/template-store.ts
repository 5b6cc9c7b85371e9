import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere } from '../../host/lock.ts';
import type { Proof } from '../../machine/machine.ts';
import { clearAway } from './clear-away.ts';
import type { FrozenState } from './freeze.ts';
import { damageOf, type Seal } from './seal.ts';
import { readJson, touch } from './stored-file.ts';
import type { TemplateParts } from './template-key.ts';
import type { Uses } from './uses.ts';

/** What made a child of another template. */
export interface Derivation {
  /** Its parent's key. The parent itself may be gone: nothing of it is read any more. */
  readonly from: string;
  /** All that goes into the change; its first line is for people. */
  readonly change: string;
}

/** What stands in a template's folder about it. */
export interface TemplateRecord {
  readonly key: string;
  readonly distro: string;
  /** ISO 8601. */
  readonly madeAt: string;
  /** Of a child: those of the template at its root. */
  readonly parts: TemplateParts;
  readonly derived?: Derivation | undefined;
  /** What was changed before the freeze, in words. */
  readonly deviations: readonly string[];
  readonly seals: Readonly<Record<string, Seal>>;
}

/** What a farm needs to put templates away and to take them out. */
export interface TemplateStore {
  readonly cache: string;
  /** A folder on the cache's file system that is gone when this process is. */
  readonly scratch: string;
  readonly uses: Uses;
}

/** The file that stands for a template: it is there when the template is, and locked by who uses it. */
export const templateRecord = 'template.json';
const proofFile = 'proof.json';

/**
 * Modes of a template's files, and whether they are read at each use. QEMU opens memory for writing even where it maps
 * it privately (7.2, `share=off`), so that an ordinary user has to be allowed to; its seal shows whether anybody did.
 */
export const templateModes: Readonly<Record<string, readonly [mode: number, whole: boolean]>> = {
  memory: [0o600, false],
  state: [0o400, true],
  'disk.qcow2': [0o400, false],
  key: [0o400, true],
  known_hosts: [0o400, true],
};

/** Where templates are, below the cache; a template's folder is named by its key. */
export function templatesOf(cache: string): string {
  return join(cache, 'templates');
}

/** A template's files in its folder. */
export function templateFiles(folder: string) {
  const at = (name: string) => join(folder, name);
  return {
    memory: at('memory'),
    state: at('state'),
    disk: at('disk.qcow2'),
    identity: { key: at('key'), knownHosts: at('known_hosts') },
  };
}

/** Beside a template that a clone did not wake up from. */
const doubtFile = 'doubted';

/** Takes a template out for use: undefined where there is none; a damaged one is thrown away, and `tell` told. */
export async function takeTemplate(
  { cache, scratch, uses }: TemplateStore,
  key: string,
  now: Date,
  tell: (damage: string) => void,
  signal: AbortSignal,
): Promise<(TemplateRecord & { readonly proof?: Proof }) | undefined> {
  const folder = join(templatesOf(cache), key);
  const file = join(folder, templateRecord);
  const held = await uses.take(file, signal);
  if (!held && !(await isThere(folder))) {
    return undefined;
  }
  const record = held ? await readJson<TemplateRecord>(file) : undefined;
  const isDoubted = await isThere(join(folder, doubtFile));
  const damage = isDoubted ? 'a clone of it did not wake up' : await damageTo(folder, record);
  if (record && damage === undefined) {
    await touch(folder, now);
    const proof = await readJson<Proof>(join(folder, proofFile));
    return proof ? { ...record, proof } : record;
  }
  tell(damage ?? '');
  await uses.drop(file);
  await clearAway(folder, templateRecord, scratch, signal);
  return undefined;
}

async function damageTo(folder: string, record: TemplateRecord | undefined): Promise<string | undefined> {
  if (!record) {
    return `${folder} is not whole`;
  }
  const { seals } = record;
  const names = Object.keys(templateModes);
  const found = await Promise.all(
    names.map((name) => {
      const known = seals[name];
      return known ? damageOf(join(folder, name), known) : `${name} was never sealed`;
    }),
  );
  return found.find((damage) => damage !== undefined);
}

/** A frozen machine whose files are in a template's folder. */
export function placed(frozen: Omit<FrozenState, 'state' | 'identity'>, folder: string): FrozenState {
  const { memory, disk, ...paths } = templateFiles(folder);
  return { ...frozen, ...paths, spec: { ...frozen.spec, disk, memory: { file: memory, share: true } } };
}

/** Writes down what a template's first clone has proved. */
export async function keepProof({ cache, scratch }: TemplateStore, key: string, proof: Proof): Promise<void> {
  const file = join(scratch, `proof-${key}`);
  await writeFile(file, JSON.stringify(proof), { mode: 0o400 });
  await rename(file, join(templatesOf(cache), key, proofFile));
}

/** Marks a template that is not to be taken any more. */
export async function doubt({ cache }: TemplateStore, key: string): Promise<void> {
  await writeFile(join(templatesOf(cache), key, doubtFile), '');
}
