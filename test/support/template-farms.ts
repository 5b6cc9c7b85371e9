import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BootRequest, Image } from '../../src/machine/machine.ts';
import { bootSpec } from '../../src/providers/qemu/boot.ts';
import type { FrozenState, Place } from '../../src/providers/qemu/freeze.ts';
import { haveImage } from '../../src/providers/qemu/image.ts';
import type { ImageStore } from '../../src/providers/qemu/image-maker.ts';
import { templatesOf } from '../../src/providers/qemu/template-store.ts';
import { Templates } from '../../src/providers/qemu/templates.ts';
import type { Uses } from '../../src/providers/qemu/uses.ts';
import { trixie } from './image-farms.ts';

const never = new AbortController().signal;

/** What a template's machine is asked for by. */
export const bootRequest: BootRequest = {
  name: 'debian-13-template',
  run: 'run-1',
  batch: 'debian-13/qemu:built',
  speed: { class: 'tcg+svm', accelerator: 'tcg', factor: 6, because: 'a fake has no speed' },
  memoryMiB: 6144,
  purpose: 'template',
  network: false,
  logs: '/nowhere',
  announce: async () => {},
  signal: never,
};

export interface TemplateFarm {
  readonly templates: Templates;
  readonly image: Image;
  /**
   * A machine as it is when it was frozen just now; its files are this farm's own. Its disk has 64 KiB of sevens, and that
   * of one which was cloned from a template rests on it, and has them from there.
   */
  readonly freeze: (clonedFrom?: string) => Promise<FrozenState>;
  /** What it was told. */
  readonly told: readonly string[];
}

/** One farm's templates, over an image that the fake tools have made. */
export async function templateFarm(
  store: ImageStore & { readonly uses: Uses },
  { fresh = false } = {},
): Promise<TemplateFarm> {
  const told: string[] = [];
  const image = await haveImage(store, trixie, () => {}, never);
  const { cache, scratch, uses, qemu, now } = store;
  const file = (purpose: string) => join(scratch, purpose);
  const place: Place = { qemu, now, file, sockets: () => file('sockets') };
  const added = async () => void told.push('added');
  const templates = new Templates({ cache, scratch, uses }, place, fresh, added);

  return {
    templates,
    image,
    told,
    freeze: async (clonedFrom) => {
      await mkdir(file('identity'), { recursive: true });
      const names = ['memory', 'state', 'identity/key', 'identity/known_hosts'];
      await Promise.all(names.map((name) => writeFile(file(name), name)));
      const disk = file('disk.qcow2');
      if (clonedFrom === undefined) {
        execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '1M']);
        execFileSync('qemu-io', ['-c', 'write -q -P 7 0 64k', disk]);
      } else {
        const base = join(templatesOf(cache), clonedFrom, 'disk.qcow2');
        execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', base, disk]);
      }
      const paths = { disk, memory: file('memory'), sockets: '', console: '' };
      return {
        spec: bootSpec(image, bootRequest, paths),
        state: file('state'),
        identity: { key: file('identity/key'), knownHosts: file('identity/known_hosts') },
        deviations: ['stopped before the freeze: fstrim.timer'],
        innerQemu: '/usr/bin/qemu-system-x86_64',
      };
    },
  };
}
