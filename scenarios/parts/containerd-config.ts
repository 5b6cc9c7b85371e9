import { parse, stringify, type TomlTable } from 'smol-toml';
import { FarmError } from './farm-error.ts';

/** A runtime of the engine's, as pods ask for it by name. */
export interface Handler {
  readonly name: string;
  /** `io.containerd.kata-qemu.v2`. */
  readonly type: string;
  /** Where its configuration is, for a runtime that has one. */
  readonly config?: string;
}

/** What of a containerd's whole configuration (`containerd config dump`) a pod depends on. */
export interface PodSettings {
  /** The image of a pod's first container, which holds its namespaces. */
  readonly pause: string;
  /** Where network plugins are looked for. */
  readonly networkPrograms: readonly string[];
  /** Where their configuration is; the first file counts. */
  readonly networkFolder: string;
  readonly handlers: readonly string[];
}

/** The plugin's names through the versions of the file: 2 is containerd 1.x's, 3 that of 2.0, 4 that of 2.3. */
const cri = 'io.containerd.grpc.v1.cri';
const runtime = 'io.containerd.cri.v1.runtime';
const images = 'io.containerd.cri.v1.images';
const runc: Handler = { name: 'runc', type: 'io.containerd.runc.v2' };

/**
 * A containerd's configuration file with these handlers in it, in the file's own version: every containerd since 1.3
 * reads a file of version 2. One that is empty becomes one of `version`. All else stays, but for a ban on the CRI.
 * A drop-in would be shorter, but containerd 1.x takes a plugin's settings from one file alone, and loses the other's.
 */
export function withHandlers(text: string, handlers: readonly Handler[], version = 2): string {
  const given = parse(text);
  const file = isVersion1(given) ? raised(given, Object.keys(given).length === 0 ? version : 2) : given;
  const plugins = within(file, 'plugins');
  const plugin = within(plugins, Number(file['version']) < 3 ? cri : runtime);
  const runtimes = within(within(plugin, 'containerd'), 'runtimes');

  // containerd 1.6 and 1.7 drop their own runc from the defaults as soon as a file names another runtime.
  for (const handler of [...(runtimes['runc'] ? [] : [runc]), ...handlers]) {
    runtimes[handler.name] = {
      runtime_type: handler.type,
      ...(handler.config && {
        pod_annotations: ['io.katacontainers.*'],
        privileged_without_host_devices: true,
        options: { ConfigPath: handler.config },
      }),
    };
  }
  if (isCriDisabled(text)) {
    file['disabled_plugins'] = namesIn(file, 'disabled_plugins').filter((name) => !criNames.includes(name));
  }
  return stringify(file);
}

const criNames: readonly string[] = ['cri', cri, runtime, images];

/** Whether a configuration file forbids the interface that pods come by, as Docker's own package of containerd does. */
export function isCriDisabled(text: string): boolean {
  return namesIn(parse(text), 'disabled_plugins').some((name) => criNames.includes(name));
}

/** Reads `containerd config dump`, which says every default. Throws a FarmError where it is of a kind not known here. */
export function podSettingsIn(dump: string): PodSettings {
  const plugins = tableOf(parse(dump), 'plugins');
  const [old, current, pictures] = [cri, runtime, images].map((name) => tableOf(plugins, name));
  const plugin = { ...old, ...current };
  const cni = tableOf(plugin, 'cni');
  const pause = tableOf(pictures, 'pinned_images')['sandbox'] ?? plugin['sandbox_image'];
  const folders = [cni['bin_dirs'], cni['bin_dir']]
    .flat()
    .filter((folder) => folder !== undefined && folder !== '');

  if (typeof pause !== 'string' || folders.length === 0 || typeof cni['conf_dir'] !== 'string') {
    throw new FarmError('cannot read what containerd says of its configuration for pods');
  }
  return {
    pause,
    networkPrograms: folders.map(String),
    networkFolder: cni['conf_dir'],
    handlers: Object.keys(tableOf(tableOf(plugin, 'containerd'), 'runtimes')),
  };
}

const isVersion1 = ({ version = 1 }: TomlTable) => version === 1;

/** A file of version 1 called plugins by shorter names. Of those only the CRI's was ever met. */
function raised(file: TomlTable, version: number): TomlTable {
  const { cri: settings, ...others } = tableOf(file, 'plugins');
  const unknown = [
    ...Object.keys(others),
    ...namesIn(file, 'disabled_plugins').filter((name) => name !== 'cri'),
    ...namesIn(file, 'required_plugins'),
  ].filter((name) => !name.includes('.'));
  if (unknown.length > 0) {
    throw new FarmError(
      `cannot edit a containerd configuration of version 1 with ${unknown.join(', ')} in it`,
    );
  }
  return { ...file, version, plugins: { ...others, ...(settings && { [cri]: settings }) } };
}

function namesIn(file: TomlTable, key: string): readonly string[] {
  const list = file[key];
  return Array.isArray(list) ? list.map(String) : [];
}

/** A table that is there, or an empty one that is not. */
function tableOf(parent: TomlTable | undefined, key: string): TomlTable {
  const value = parent?.[key];
  return isTable(value) ? value : {};
}

/** A table that is there, or one that is from now on. */
function within(parent: TomlTable, key: string): TomlTable {
  const table = tableOf(parent, key);
  parent[key] = table;
  return table;
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
