import { parse, stringify, type TomlTable } from 'smol-toml';

/** A label's parts: `system_u:system_r:container_t:s0:c1,c2`. */
export interface Label {
  readonly type: string;
  /** The pair of categories that tells one container from another: `c1,c2`; empty where there is none. */
  readonly categories: string;
}

/** Reads an SELinux label; of what is none, both parts are empty. */
export function labelIn(text: string): Label {
  const [, , type = '', , categories = ''] = text.replaceAll('\0', '').trim().split(':');
  return { type, categories };
}

/** A containerd's configuration file (version 2 or later) in which pods get labels: off by default in every containerd. */
export function withLabels(text: string): string {
  const file = parse(text);
  const name = Number(file['version']) < 3 ? 'io.containerd.grpc.v1.cri' : 'io.containerd.cri.v1.runtime';
  const plugins = (file['plugins'] ?? {}) as TomlTable;
  const plugin = (plugins[name] ?? {}) as TomlTable;
  return stringify({
    ...file,
    plugins: { ...plugins, [name]: { ...plugin, enable_selinux: true } },
  });
}
