import { createHash } from 'node:crypto';
import { pack } from 'tar-stream';

interface Layer {
  /** Of a static busybox. */
  readonly busybox: Buffer;
  /** Names that it answers to. */
  readonly applets: readonly string[];
}

/**
 * A container image with a busybox and nothing else, as `docker save` writes it: every containerd imports that. The same
 * input gives the same bytes.
 */
export async function imageArchive(tag: string, layer: Layer): Promise<Buffer> {
  const rootfs = await tarOf([
    ...['bin/', 'dev/', 'etc/', 'proc/', 'sys/', 'tmp/'].map((name) => ({ name })),
    { name: 'bin/busybox', text: layer.busybox, mode: 0o755 },
    ...layer.applets
      .filter((applet) => /^[\w.[+-]+$/.test(applet) && applet !== 'busybox')
      .map((applet) => ({ name: `bin/${applet}`, linkname: 'busybox' })),
    { name: 'etc/passwd', text: 'root:x:0:0:root:/root:/bin/sh\n' },
    { name: 'etc/group', text: 'root:x:0:\n' },
  ]);
  const digest = createHash('sha256').update(rootfs).digest('hex');
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: { Env: ['PATH=/bin'], Cmd: ['/bin/sh'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
    history: [{ created_by: 'katafarm' }],
  });
  const manifest = JSON.stringify([{ Config: 'config.json', RepoTags: [tag], Layers: ['layer.tar'] }]);
  return tarOf([
    { name: 'manifest.json', text: manifest },
    { name: 'config.json', text: config },
    { name: 'layer.tar', text: rootfs },
  ]);
}

interface Entry {
  /** A folder's ends with a slash. */
  readonly name: string;
  readonly text?: string | Buffer;
  readonly linkname?: string;
  readonly mode?: number;
}

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, text = '', linkname, mode = 0o644 } of entries) {
    const common = { name, mtime: new Date(0), uid: 0, gid: 0 };
    if (linkname !== undefined) {
      archive.entry({ ...common, type: 'symlink', linkname });
    } else if (name.endsWith('/')) {
      archive.entry({ ...common, type: 'directory', mode: name === 'tmp/' ? 0o1777 : 0o755 });
    } else {
      archive.entry({ ...common, mode }, text);
    }
  }
  archive.finalize();

  const chunks: Buffer[] = [];
  for await (const chunk of archive) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
