import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import type { Distro } from '../domain/distro.ts';
import { type InstalledKata, kataFile, kataImage, kataNamespace } from '../domain/installed-kata.ts';
import type { KataBuild } from '../domain/kata.ts';
import type { Guest } from '../machine/guest.ts';
import { type Found, foundIn } from './found.ts';
import type { HadKata } from './had-kata.ts';
import { imageArchive } from './image-archive.ts';
import { initrdScript, lookingScript } from './look.ts';
import { distroInit, kataStacks, type NoVariant, type Variant, variantOf } from './variant.ts';
import { writingScript } from './writing-script.ts';

/** What an installation depends on beside the Kata itself. */
export interface InstallSite {
  readonly distro: Pick<Distro, 'parts'>;
  /** By how much slower than hardware the machine is. */
  readonly factor: number;
  /** How long a guest took in it, in milliseconds, from its start to its end; undefined: not known. */
  readonly nestedMs: number | undefined;
}

/** A Kata that can be put into machines. */
export interface KataInstaller {
  readonly build: KataBuild;
  /** Its files on this host, single ones of which can be put into a machine; missing: only all of it can. */
  readonly had?: Pick<HadKata, 'tree' | 'layout'>;
  /** Two installations of one key are interchangeable; its first line is for people. Pure. */
  keyOf(site: InstallSite): string;
  /** Puts it into a machine that is up. Rejects where it can't; then nothing is to be made of that machine. */
  install(guest: Guest, site: InstallSite, signal: AbortSignal): Promise<void>;
}

/** Raised when what is done to a machine changes. */
const format = 2;

export function installerOf(had: HadKata): KataInstaller {
  return {
    build: had.build,
    had,
    keyOf: ({ distro, ...site }) => {
      const { version, source, digest, trust } = had.build;
      const parts = createHash('sha256')
        .update(JSON.stringify([format, digest, source, trust, site]))
        .update(lookingScript(distro))
        .update(initrdScript('', distroInit));
      return `Kata ${version} (${source})\n${parts.digest('hex')}`;
    },
    install: (guest, site, signal) => install(had, guest, site, signal),
  };
}

async function install(had: HadKata, guest: Guest, site: InstallSite, signal: AbortSignal): Promise<void> {
  const { $ } = guest;
  const cargo = await had.cargo(signal);
  await guest.push(cargo, '/var/tmp/katafarm-kata.tar.gz');
  await $`tar -C / -xzf /var/tmp/katafarm-kata.tar.gz
    rm /var/tmp/katafarm-kata.tar.gz
    if [ "$(getenforce 2>/dev/null)" = Enforcing ]; then restorecon -R /opt/kata; fi`;
  await importImage(guest);

  const { initrd } = had.layout.pieces;
  const looked = await $`sh -c ${lookingScript(site.distro)}`.text();
  const made =
    initrd === undefined ? '' : await $`sh -c ${initrdScript(initrd, distroInit)}`.nothrow().text();
  const found = foundIn(`${looked}\n${made}`);
  const variants = await variantsOf(had, found, site);
  await $`sh -eu -c ${writingScript(variants.filter((one) => 'base' in one))}`;
  const said = JSON.stringify(installedOf(had.build, variants, site), undefined, 2);
  await $`printf '%s\\n' ${said} >${kataFile}; sync`;
}

/** From the machine's own busybox: no registry has a say in a verdict. */
async function importImage({ $, pull, push }: Guest): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'katafarm-image-'));
  try {
    const [path = '', ...applets] = (await $`command -v busybox; busybox --list`.quiet().text())
      .trim()
      .split('\n');
    const busybox = join(folder, 'busybox');
    await pull(path, busybox);
    const archive = join(folder, 'image.tar');
    await writeFile(archive, await imageArchive(kataImage, { busybox: await readFile(busybox), applets }));
    await push(archive, '/var/tmp/katafarm-image.tar');
    await $`systemctl start containerd
      ctr -n ${kataNamespace} images import /var/tmp/katafarm-image.tar
      ctr -n k8s.io images import /var/tmp/katafarm-image.tar
      rm /var/tmp/katafarm-image.tar`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function variantsOf(
  { layout, tree, build }: HadKata,
  found: Found,
  { factor, nestedMs }: InstallSite,
): Promise<readonly (Variant | NoVariant)[]> {
  const bases = Object.values(layout.configs).flatMap((byName) => Object.values(byName ?? {}));
  const params = new Map(
    await Promise.all(
      bases.map(async (path) => [path, kernelParamsIn(await readFile(join(tree, path), 'utf8'))] as const),
    ),
  );
  const initrdOnly = build.replaced.some((piece) => piece.startsWith('agent='));
  const kernelParamsOf = (base: string) => params.get(base) ?? '';
  return kataStacks.map((stack) =>
    variantOf(stack, { layout, found, nestedMs, factor, initrdOnly, kernelParamsOf }),
  );
}

function kernelParamsIn(toml: string): string {
  const { hypervisor } = parse(toml, { integersAsBigInt: 'asNeeded' }) as {
    hypervisor?: Record<string, { kernel_params?: unknown }>;
  };
  const [params] = Object.values(hypervisor ?? {}).map(({ kernel_params: said }) => said);
  return typeof params === 'string' ? params : '';
}

function installedOf(
  { version, source, digest, trust, replaced }: KataBuild,
  variants: readonly (Variant | NoVariant)[],
  { nestedMs }: InstallSite,
): InstalledKata {
  return {
    ...{ version, source, digest, trust, replaced },
    ...(nestedMs !== undefined && { nestedMs }),
    stacks: Object.fromEntries(
      variants.flatMap((one) => ('base' in one ? [[one.stack, one.installed] as const] : [])),
    ),
    absent: Object.fromEntries(
      variants.flatMap((one) => ('because' in one ? [[one.stack, one.because] as const] : [])),
    ),
  };
}
