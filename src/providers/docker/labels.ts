import { hostname } from 'node:os';
import { gunzipSync, gzipSync } from 'node:zlib';
import { isAlive, type Owner, ownerOf } from '../../host/owner.ts';

/** Labels by which containers and images of the farm's are known, on whatever engine. */
export const label = {
  kind: 'katafarm.kind',
  run: 'katafarm.run',
  /** Of what goes with its process: who that is. */
  owner: 'katafarm.owner',
  distro: 'katafarm.distro',
  /** Of an image its digest, of a template its key, of a kept machine its name. */
  id: 'katafarm.id',
  /** What an image was asked for by: its recipe's key. */
  key: 'katafarm.key',
  /** Percent-encoded. */
  title: 'katafarm.title',
  made: 'katafarm.made',
  /** The engine's id of the image that it was made from. */
  from: 'katafarm.from',
  /** The rest, as JSON, gzipped, in base64. */
  record: 'katafarm.record',
} as const;

/** `passing`: a derived template that goes with its run. */
export type LabelKind = 'machine' | 'hold' | 'image' | 'template' | 'kept' | 'passing';

export type Labels = Readonly<Record<string, string>>;

/** A process on some host. `host` tells hosts that share an engine apart. */
export interface LabelOwner extends Owner {
  readonly host: string;
}

/** An owner as a label's value, without what Dockerfiles read in a way of their own: quotes, spaces, `$`. */
export function ownerLabel(owner: LabelOwner | undefined = itself()): string {
  const said = new URLSearchParams();
  for (const [key, value] of Object.entries(owner ?? {})) {
    said.set(key, String(value));
  }
  return said.toString();
}

/** This very process. */
export function itself(): LabelOwner | undefined {
  const owner = ownerOf(process.pid);
  return owner && { ...owner, host: hostname() };
}

/**
 * Whether whoever started it is gone. A process of another host can't be asked, and is taken to be alive; so is one
 * whose label can't be read: it isn't one of ours.
 */
export function isForsaken(text: string | undefined, here = hostname()): boolean {
  const said = new URLSearchParams(text ?? '');
  const read = (key: keyof LabelOwner) => said.get(key) ?? '';
  const owner: LabelOwner = {
    pid: Number(read('pid')),
    ...{ started: read('started'), boot: read('boot'), namespace: read('namespace'), host: read('host') },
  };
  const isWhole = owner.pid > 0 && owner.started !== '' && owner.boot !== '' && owner.namespace !== '';
  return isWhole && owner.host === here && !isAlive(owner);
}

/** A value for `label.record`. */
export function packed(record: unknown): string {
  return gzipSync(JSON.stringify(record)).toString('base64');
}

/** What `packed` made; undefined where it is something else. */
export function unpacked<T>(text: string | undefined): T | undefined {
  try {
    return text ? (JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()) as T) : undefined;
  } catch {
    return undefined;
  }
}
